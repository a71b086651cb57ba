//! A message for an incoming webhook of Slack.
//!
//! Every text is of the kind that is shown as it is (`plain_text`); the one that
//! leads somewhere holds our own words and an address, and nothing of anybody else.

use serde_json::{Value, json};

use super::cut::{cut, is_shown};
use crate::domain::bulletin::Bulletin;

/// The line that stands where blocks are not shown.
const FALLBACK: usize = 300;
/// The headline.
const HEADER: usize = 150;
/// The lines below it; Slack takes 3,000.
const TEXT: usize = 1_000;
/// A name and its value; Slack takes 2,000.
const FIELD: usize = 300;
/// As many fields.
const FIELDS: usize = 6;
/// An address; a longer one is left out.
const URL: usize = 1_000;

/// The body of the request.
pub(super) fn body(bulletin: &Bulletin) -> Value {
    let plain = |text: &str, most: usize| json!({ "type": "plain_text", "text": escaped(text, most), "emoji": false });
    let title = match bulletin.title.trim() {
        "" => "Hotfix",
        title => title,
    };
    let mut blocks = vec![json!({ "type": "header", "text": plain(&one_line(title), HEADER) })];
    if !bulletin.text.trim().is_empty() {
        let text = plain(bulletin.text.trim(), TEXT);
        blocks.push(json!({ "type": "section", "text": text }));
    }
    let fields = bulletin.fields.iter().take(FIELDS);
    let fields: Vec<_> = fields
        .map(|(name, value)| plain(&format!("{name}: {value}"), FIELD))
        .collect();
    if !fields.is_empty() {
        blocks.push(json!({ "type": "section", "fields": fields }));
    }
    if let Some(link) = link(&bulletin.url) {
        let link = json!({ "type": "mrkdwn", "text": link, "verbatim": true });
        blocks.push(json!({ "type": "context", "elements": [link] }));
    }
    // A page's title and picture say more than we do.
    json!({
        "text": escaped(&one_line(title), FALLBACK),
        "blocks": blocks,
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What Slack takes for its own control characters is written as it asks; so
/// nothing is a mention or a link.
fn escaped(text: &str, most: usize) -> String {
    let shown: String = text.chars().filter(|c| is_shown(*c)).collect();
    cut(&shown, most, |c, out| match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        c => out.push(c),
    })
}

/// A link with words of ours; none where there is no address of the web.
fn link(url: &str) -> Option<String> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    if !web || url.len() > URL {
        return None;
    }
    let mut target = String::new();
    for c in url
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
    {
        match c {
            '&' => target.push_str("&amp;"),
            '<' => target.push_str("%3C"),
            '>' => target.push_str("%3E"),
            '|' => target.push_str("%7C"),
            c => target.push(c),
        }
    }
    Some(format!("<{target}|Read on at GitHub>"))
}

#[cfg(test)]
mod tests {
    use super::super::webhook::tests::bulletin;
    use super::*;

    #[test]
    fn what_slack_is_sent() {
        let mut it = bulletin();
        it.title = "v1.0.5 of lantern: <!channel> & <https://evil.test|click>".into();
        it.text = "*bold* @here\n:fire:\u{202e}".into();
        it.url = "https://hub.test/a/b/issues/1?x=1&y=<|>".into();
        insta::assert_snapshot!(serde_json::to_string_pretty(&body(&it)).unwrap(), @r#"
        {
          "text": "v1.0.5 of lantern: &lt;!channel&gt; &amp; &lt;https://evil.test|click&gt;",
          "blocks": [
            {
              "type": "header",
              "text": {
                "type": "plain_text",
                "text": "v1.0.5 of lantern: &lt;!channel&gt; &amp; &lt;https://evil.test|click&gt;",
                "emoji": false
              }
            },
            {
              "type": "section",
              "text": {
                "type": "plain_text",
                "text": "*bold* @here\n:fire:",
                "emoji": false
              }
            },
            {
              "type": "section",
              "fields": [
                {
                  "type": "plain_text",
                  "text": "Repository: harbour/lantern",
                  "emoji": false
                }
              ]
            },
            {
              "type": "context",
              "elements": [
                {
                  "type": "mrkdwn",
                  "text": "<https://hub.test/a/b/issues/1?x=1&amp;y=%3C%7C%3E|Read on at GitHub>",
                  "verbatim": true
                }
              ]
            }
          ],
          "unfurl_links": false,
          "unfurl_media": false
        }
        "#);
    }

    #[test]
    fn what_is_too_long_is_cut_and_what_is_missing_left_out() {
        let mut it = bulletin();
        it.title = "&".repeat(10_000);
        it.text = "🔥".repeat(10_000);
        it.fields = vec![("n".repeat(900), "v".into()); 20];
        it.url = "javascript:alert(1)".into();
        let body = body(&it);
        let sent = body.to_string();
        assert!(sent.len() < 13_000, "{}", sent.len());
        let blocks = body["blocks"].as_array().unwrap();
        assert_eq!(blocks.len(), 3);
        assert_eq!(blocks[2]["fields"].as_array().unwrap().len(), FIELDS);
        (it.title, it.text) = (" ".into(), " ".into());
        assert_eq!(super::body(&it)["text"], "Hotfix");
    }
}
