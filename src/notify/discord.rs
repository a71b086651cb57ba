//! A message for a webhook of Discord: one embed, nobody mentioned.

use serde_json::{Value, json};

use super::cut::{cut, is_shown};
use crate::domain::bulletin::Bulletin;
use crate::domain::happening::HappeningKind;

/// The headline.
const TITLE: usize = 256;
/// The lines below it; Discord takes 4,096.
const TEXT: usize = 1_500;
/// A field's name.
const NAME: usize = 256;
/// Its value; Discord takes 1,024.
const VALUE: usize = 300;
/// As many fields.
const FIELDS: usize = 6;
/// An address; a longer one is left out.
const URL: usize = 1_000;

/// The body of the request, of a new message and of an edited one.
pub(super) fn body(bulletin: &Bulletin) -> Value {
    let title = match bulletin.title.trim() {
        "" => "Hotfix",
        title => title,
    };
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut embed = json!({
        "title": escaped(&title, TITLE),
        "color": color(bulletin.event),
        "timestamp": super::signed::time(bulletin.at),
    });
    if !bulletin.text.trim().is_empty() {
        embed["description"] = json!(escaped(bulletin.text.trim(), TEXT));
    }
    let fields = bulletin.fields.iter().take(FIELDS);
    let fields: Vec<_> = fields
        .filter(|(name, value)| !name.trim().is_empty() && !value.trim().is_empty())
        .map(|(name, value)| {
            json!({ "name": escaped(name, NAME), "value": escaped(value, VALUE), "inline": true })
        })
        .collect();
    if !fields.is_empty() {
        embed["fields"] = json!(fields);
    }
    let web = bulletin.url.starts_with("https://") || bulletin.url.starts_with("http://");
    if web && bulletin.url.len() <= URL {
        embed["url"] = json!(bulletin.url);
    }
    json!({ "embeds": [embed], "allowed_mentions": { "parse": [] } })
}

/// What Markdown, mentions and emoji are made of is shown as it is.
fn escaped(text: &str, most: usize) -> String {
    let shown: String = text.chars().filter(|c| is_shown(*c)).collect();
    cut(&shown, most, |c, out| {
        let acts = matches!(
            c,
            '\\' | '*'
                | '_'
                | '~'
                | '`'
                | '|'
                | '>'
                | '<'
                | '#'
                | '['
                | ']'
                | '('
                | ')'
                | '@'
                | ':'
                | '-'
        );
        if acts {
            out.push('\\');
        }
        out.push(c);
    })
}

/// Red where people are needed, green where it is out, grey where it is nothing.
fn color(event: HappeningKind) -> u32 {
    match event {
        HappeningKind::Started | HappeningKind::Tagged => 0x00d2_9922,
        HappeningKind::Ready => 0x001f_6feb,
        HappeningKind::Waiting | HappeningKind::Escalated | HappeningKind::RolledBack => {
            0x00da_3633
        }
        HappeningKind::Released | HappeningKind::Finished => 0x0023_8636,
        HappeningKind::Cancelled | HappeningKind::Test => 0x006e_7681,
    }
}

#[cfg(test)]
mod tests {
    use super::super::cut::units;
    use super::super::webhook::tests::bulletin;
    use super::*;

    #[test]
    fn what_discord_is_sent() {
        let mut it = bulletin();
        it.title = "@everyone [click](https://evil.test) **bold**".into();
        it.text = "<@&12> `code`\n# title\n- list".into();
        insta::assert_snapshot!(serde_json::to_string_pretty(&body(&it)).unwrap(), @r##"
        {
          "embeds": [
            {
              "title": "\\@everyone \\[click\\]\\(https\\://evil.test\\) \\*\\*bold\\*\\*",
              "color": 2328118,
              "timestamp": "2026-11-22T10:31:00Z",
              "description": "\\<\\@&12\\> \\`code\\`\n\\# title\n\\- list",
              "fields": [
                {
                  "name": "Repository",
                  "value": "harbour/lantern",
                  "inline": true
                }
              ],
              "url": "https://hub.test/harbour/lantern/releases/tag/v1.0.5"
            }
          ],
          "allowed_mentions": {
            "parse": []
          }
        }
        "##);
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let mut it = bulletin();
        it.title = "*".repeat(10_000);
        it.text = "🔥".repeat(10_000);
        it.fields = vec![("n".repeat(900), "v".repeat(9_000)); 20];
        let body = body(&it);
        let embed = &body["embeds"][0];
        let text = |at: &Value| units(at.as_str().unwrap());
        let fields = embed["fields"].as_array().unwrap();
        let all = fields
            .iter()
            .map(|it| text(&it["name"]) + text(&it["value"]));
        let all: usize = all.sum::<usize>() + text(&embed["title"]) + text(&embed["description"]);
        assert!(all <= 6_000, "{all}");
        assert_eq!(fields.len(), FIELDS);
        assert!(text(&embed["title"]) <= 256);
    }
}
