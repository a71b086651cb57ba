//! The file of a scenario, as a person writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::rehearsal::part::Part;
use crate::sim::chat;
use crate::sim::clock::Millis;

/// What happens otherwise than on an ordinary day.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows, in one line.
    pub shows: String,
    /// What the sample project has beside what it always has.
    #[serde(default)]
    pub project: Project,
    /// The people, and what they leave to the script.
    #[serde(default)]
    pub cast: Cast,
    /// What is done beside it, in any order: each has its moment.
    #[serde(default, rename = "act")]
    pub acts: Vec<Line>,
    /// What goes wrong for a while.
    #[serde(default, rename = "trouble")]
    pub troubles: Vec<Trouble>,
    /// How it must end.
    #[serde(default)]
    pub expect: Expect,
}

/// Something goes wrong for a while, by nobody of the cast.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trouble {
    /// What.
    pub of: Kind,
    /// From which moment.
    #[serde(default)]
    pub when: Moment,
    /// How long after that.
    #[serde(default = "soon", deserialize_with = "duration")]
    pub after: Millis,
    /// For how long.
    #[serde(deserialize_with = "duration")]
    pub lasts: Millis,
    /// What its status page calls it; none: the page says that all is well.
    pub says: Option<String>,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// GitHub answers nothing, and delivers nothing.
    Github,
    /// The registry's index is late.
    Registry,
    /// The bot's server is stopped.
    Bot,
}

/// What the sample project has beside what it always has.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The sample of another kind that is played on, such as `npm`; none: the program
    /// that is built in.
    pub sample: Option<String>,
    /// Commits on top of the default branch, made before the rehearsal.
    #[serde(default)]
    pub commits: Vec<Made>,
    /// Branches, by their name: the tag or branch at which they stand.
    #[serde(default)]
    pub branches: BTreeMap<String, String>,
    /// Tags without a message, by their name: the tag or branch at which they stand.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Rules of the default branch, by GitHub's names of their kinds.
    #[serde(default)]
    pub rules: Vec<String>,
    /// The workflow file whose first run fails.
    pub fail: Option<String>,
    /// Further files of the release whose first run fails.
    #[serde(default)]
    pub fail_too: Vec<String>,
    /// Of a file of the release the job whose first attempt fails, by its key or name.
    #[serde(default)]
    pub fail_at: BTreeMap<String, String>,
    /// Further crates of the workspace that the registry has of the release which is
    /// fixed.
    #[serde(default)]
    pub crates: Vec<String>,
    /// Releases cannot be changed once they are published.
    #[serde(default)]
    pub immutable: bool,
    /// The id of a security advisory that is drafted; the App may publish it.
    pub advisory: Option<String>,
    /// The registry does not take the server's token.
    #[serde(default)]
    pub no_token: bool,
    /// Lines at the end of `hotfix.toml`.
    pub config: Option<String>,
    /// Files that the release which is fixed has beside the sample's, or in their
    /// place, by their paths.
    #[serde(default)]
    pub base: BTreeMap<String, String>,
    /// Further assets of every release that is there, by name; `{version}` in it.
    #[serde(default)]
    pub assets: Vec<String>,
    /// What no job builds for the release, by parts of the files' names.
    #[serde(default)]
    pub unbuilt: Vec<String>,
    /// What the jobs of a workflow file print at the end, by its name.
    #[serde(default)]
    pub logs: BTreeMap<String, Vec<String>>,
    /// How long the runs of a workflow file take.
    #[serde(default, deserialize_with = "durations")]
    pub takes: BTreeMap<String, Millis>,
    /// Environments whose jobs the maintainer lets go on.
    #[serde(default)]
    pub protected: Vec<String>,
    /// How the receivers of messages answer, one after the other, before they take
    /// them as they should: by `slack`, `discord` or `webhook`.
    #[serde(default)]
    pub receivers: BTreeMap<Receiver, Vec<Mood>>,
}

/// A receiver of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Receiver {
    /// A room of Slack.
    Slack,
    /// A room of Discord.
    Discord,
    /// A program.
    Webhook,
}

impl Receiver {
    /// The stand-in's.
    pub fn of(self) -> chat::Receiver {
        match self {
            Receiver::Slack => chat::Receiver::Slack,
            Receiver::Discord => chat::Receiver::Discord,
            Receiver::Webhook => chat::Receiver::Webhook,
        }
    }
}

/// How a receiver answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// It asks for 20 s of patience.
    Busy,
    /// It takes the message, and its answer is lost.
    Lost,
    /// There is no such room.
    Gone,
    /// It is not there for the moment.
    Down,
}

impl Mood {
    /// The stand-in's.
    pub fn of(self) -> chat::Mood {
        match self {
            Mood::Busy => chat::Mood::Limited(20),
            Mood::Lost => chat::Mood::Lost,
            Mood::Gone => chat::Mood::Status(404),
            Mood::Down => chat::Mood::Status(503),
        }
    }
}

/// A commit on the default branch.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// Its message; none: that of the release.
    #[serde(default)]
    pub message: String,
    /// What it changes.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// The version that is released from it.
    pub release: Option<String>,
}

/// The people.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cast {
    /// How many may push; 2, as a rule.
    pub people: Option<u32>,
    /// What nobody of them does of their own accord.
    #[serde(default)]
    pub leaves: Vec<Habit>,
}

/// Something that the cast does of its own accord.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Habit {
    /// The reporter opens the issue.
    Report,
    /// The maintainer labels it.
    Label,
    /// Answers the matrix.
    Assess,
    /// The developer pushes the fix.
    Fix,
    /// Resolves the conflicts of a draft.
    Resolve,
    /// The maintainer approves.
    Review,
    /// Tries the head by hand.
    Try,
    /// Passes the guard of the fix's size.
    Scope,
    /// Releases what is offered.
    Release,
    /// Runs again what failed.
    Retry,
    /// Publishes what no workflow publishes.
    Publish,
    /// Gives the known issue its text.
    Cause,
    /// Installs the release.
    Install,
    /// The reporter says that it works again.
    Confirm,
}

/// A moment of a hotfix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    /// The rehearsal begins.
    #[default]
    Begin,
    /// The issue is opened.
    Issue,
    /// It has its first label.
    Label,
    /// The hotfix branch is there.
    Branch,
    /// The draft pull request is.
    Draft,
    /// A person's work is on the branch.
    Fix,
    /// The tests passed on it.
    Green,
    /// The release is offered.
    Ready,
    /// Somebody said `/hotfix release`.
    Decision,
    /// The tag is there.
    Tag,
    /// The pull request is merged.
    Merge,
    /// Everybody can have the release.
    Release,
    /// The issue is closed.
    Close,
}

/// Somebody does something at a moment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Who.
    #[serde(deserialize_with = "part")]
    pub by: Part,
    /// At which moment; the beginning, where nothing is said.
    pub when: Option<Moment>,
    /// Once a comment of the bot's has had these words.
    pub says: Option<String>,
    /// How long after that.
    #[serde(default = "soon", deserialize_with = "duration")]
    pub after: Millis,
    /// Opens another issue with this title.
    pub report: Option<String>,
    /// Says this on the issue, or on the pull request.
    pub say: Option<String>,
    /// Where it is said.
    #[serde(default)]
    pub on: On,
    /// Puts a label on the issue.
    pub label: Option<String>,
    /// Takes one off.
    pub unlabel: Option<String>,
    /// Commits and pushes.
    pub push: Option<Push>,
    /// Opens a pull request.
    pub pull: Option<Pull>,
    /// Merges a pull request: its head branch.
    pub merge: Option<Merge>,
    /// Approves the hotfix's pull request.
    #[serde(default)]
    pub approve: bool,
    /// Of which branch the pull request is that is approved, where it is not that of the
    /// first hotfix.
    pub of: Option<String>,
    /// Closes the issue or pull request.
    #[serde(default)]
    pub close: bool,
    /// Opens it again.
    #[serde(default)]
    pub reopen: bool,
    /// Ticks the box of an item in the status comment.
    pub tick: Option<String>,
    /// Puts the hotfix's pull request into the merge queue.
    #[serde(default)]
    pub enqueue: bool,
    /// Makes the release of this tag GitHub's Latest.
    pub latest: Option<String>,
    /// Yanks the hotfix's version at the registry.
    #[serde(default)]
    pub yank: bool,
    /// Pushes this tag, annotated, at the head of the hotfix branch.
    pub tag: Option<String>,
    /// Lets the jobs of this environment go on.
    pub deploy: Option<String>,
    /// Uploads a file of this name to the release of the hotfix.
    pub upload: Option<String>,
    /// Takes the App off the repository.
    #[serde(default)]
    pub uninstall: bool,
    /// Installs it again.
    #[serde(default)]
    pub install: bool,
}

/// Where something is said or closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum On {
    /// The issue.
    #[default]
    Issue,
    /// The hotfix's pull request.
    Pull,
    /// The issue that was opened as the second.
    Second,
}

/// A commit that is pushed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// The branch.
    pub branch: String,
    /// The branch or tag that it is made from, where it is new.
    pub from: Option<String>,
    /// The message; none: the sample's fix.
    pub message: Option<String>,
    /// In place of the branch's newest commit, by force.
    #[serde(default)]
    pub amend: bool,
    /// What changes; none: what the sample's fix changes.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

/// A pull request that is opened.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    /// Its title.
    pub title: String,
    /// Its branch.
    pub head: String,
    /// The branch that it goes to.
    pub base: String,
}

/// A pull request that is merged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// Its branch.
    pub head: String,
    /// As one commit.
    #[serde(default)]
    pub squash: bool,
}

/// How it must end.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// How.
    #[serde(default)]
    pub ends: Ends,
    /// Words that a comment of the bot's had at some time.
    #[serde(default)]
    pub says: Vec<String>,
    /// Words that none ever had.
    #[serde(default)]
    pub never: Vec<String>,
    /// Words that a receiver of messages was told at some time.
    #[serde(default)]
    pub told: BTreeMap<Receiver, Vec<String>>,
}

/// How a scenario ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ends {
    /// The hotfix is finished.
    #[default]
    Finished,
    /// A question is left that nobody of the cast may answer.
    Asked,
    /// It was given up.
    Cancelled,
    /// Its release was taken back.
    #[serde(rename = "taken-back")]
    TakenBack,
}

impl Scenario {
    /// Reads a file's text.
    ///
    /// # Errors
    /// In words, with the line and what was expected there.
    pub fn read(text: &str) -> Result<Scenario, String> {
        let scenario: Scenario = toml::from_str(text).map_err(|e| e.to_string())?;
        for (nth, line) in scenario.acts.iter().enumerate() {
            if line.when.is_some() && line.says.is_some() {
                return Err(format!(
                    "act {}: waits for `when` or for `says`, not for both",
                    nth + 1
                ));
            }
            let deeds = line.deeds();
            if deeds != 1 {
                return Err(format!(
                    "act {}: does {deeds} things; each [[act]] does one: report, say, label, unlabel, \
                     push, pull, merge, approve, close, reopen, tick, enqueue, latest, yank, tag, \
                     deploy, upload, uninstall or install",
                    nth + 1
                ));
            }
        }
        Ok(scenario)
    }

    /// Whether nobody of the cast does this of their own accord.
    pub fn leaves(&self, habit: Habit) -> bool {
        self.cast.leaves.contains(&habit)
    }
}

impl Line {
    fn deeds(&self) -> usize {
        let all = [
            self.report.is_some(),
            self.say.is_some(),
            self.label.is_some(),
            self.unlabel.is_some(),
            self.push.is_some(),
            self.pull.is_some(),
            self.merge.is_some(),
            self.approve,
            self.close,
            self.reopen,
            self.tick.is_some(),
            self.enqueue,
            self.latest.is_some(),
            self.yank,
            self.tag.is_some(),
            self.deploy.is_some(),
            self.upload.is_some(),
            self.uninstall,
            self.install,
        ];
        all.into_iter().filter(|it| *it).count()
    }
}

fn soon() -> Millis {
    60_000
}

fn part<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Part, D::Error> {
    let word = String::deserialize(deserializer)?;
    let found = Part::ALL.into_iter().find(|part| part.login() == word);
    found.ok_or_else(|| {
        let all = Part::ALL.map(Part::login).join(", ");
        serde::de::Error::custom(format!("`{word}` is none of the cast: {all}"))
    })
}

fn durations<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Millis>, D::Error> {
    let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
    let all = texts.into_iter();
    all.map(|(name, text)| millis(&text).map(|it| (name, it)))
        .collect()
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Millis, D::Error> {
    millis(&String::deserialize(deserializer)?)
}

fn millis<E: serde::de::Error>(text: &str) -> Result<Millis, E> {
    let read: Result<jiff::SignedDuration, _> = text.parse();
    let millis = read
        .ok()
        .and_then(|it| Millis::try_from(it.as_millis()).ok());
    millis
        .filter(|ms| *ms >= 0)
        .ok_or_else(|| E::custom(format!("`{text}` is no time, such as \"90s\" or \"12m\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_what_is_wrong_is_named() {
        let good = "shows = \"x\"\n[[act]]\nby = \"maintainer\"\nwhen = \"draft\"\n\
                    after = \"12m\"\nsay = \"/hotfix hold\"\n";
        let read = Scenario::read(good).unwrap();
        assert_eq!(read.acts.first().unwrap().after, 12 * 60_000);
        for (wrong, why) in [
            ("shows = 1", "line 1"),
            ("shows = \"x\"\nacts = []", "unknown field"),
            (
                "shows = \"x\"\n[[act]]\nby = \"maintainer\"",
                "act 1: does 0 things",
            ),
            (
                "shows = \"x\"\n[[act]]\nby = \"maintainer\"\napprove = true\nclose = true",
                "act 1: does 2 things",
            ),
            (
                "shows = \"x\"\n[[act]]\nby = \"maintainer\"\napprove = true\nwhen = \"tag\"\nsays = \"x\"",
                "not for both",
            ),
            (
                "shows = \"x\"\n[[act]]\nby = \"maintainer\"\napprove = true\nafter = \"soon\"",
                "is no time",
            ),
            (
                "shows = \"x\"\n[[act]]\nby = \"maintainer\"\napprove = true\nwhen = \"later\"",
                "unknown variant `later`",
            ),
            (
                "shows = \"x\"\n[cast]\nleaves = [\"sleep\"]",
                "unknown variant",
            ),
        ] {
            let told = Scenario::read(wrong).unwrap_err();
            assert!(told.contains(why), "{wrong}: {told}");
        }
    }
}
