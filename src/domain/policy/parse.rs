//! From the text of `.github/hotfix.toml` to a policy.

use toml_edit::Document;

use super::check;
use super::error::ConfigError;
use super::kinds::{AutoOr, workflow_file};
use super::model::{
    Budget, Policy, ReleaseWorkflow, SCHEMA, VerifyUrl, VersionFile, contains_default,
};
use super::reader::{Reader, Section};

/// Reads a configuration. What the text does not say keeps its default; an
/// empty text is the default.
///
/// # Errors
/// Everything that is wrong, in the order of the file: text that is no TOML
/// (then only that), unknown keys, wrong types, values out of range, and
/// settings that contradict each other.
pub fn parse(text: &str) -> Result<Policy, Vec<ConfigError>> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let message = format!("not valid TOML: {}", error.message().replace('\n', ", "));
            return Err(vec![ConfigError::new(text, span, message, None)]);
        }
    };
    let mut policy = Policy::default();
    let mut reader = Reader::new(text);
    let root = document.as_table();

    // A file for another version is not judged key by key.
    if let Some(found) = root.get("schema").and_then(|item| item.as_integer())
        && found != i64::from(SCHEMA)
    {
        let span = root.get("schema").and_then(|item| item.span());
        reader.error(
            span.unwrap_or(0..0),
            format!("schema: this version reads schema {SCHEMA}, found {found}"),
            None,
        );
        return Err(reader.errors);
    }

    reader.table("", root, |root| sections(root, &mut policy));
    if reader.errors.is_empty() {
        check::check(&policy, &mut reader);
    }
    normalise(&mut policy);
    if reader.errors.is_empty() {
        Ok(policy)
    } else {
        reader.errors.sort_by_key(|error| (error.start, error.end));
        Err(reader.errors)
    }
}

/// Workflow files are kept by name, however they were written.
fn normalise(policy: &mut Policy) {
    let named = |file: &mut String| {
        if let Some(name) = workflow_file(file) {
            *file = name;
        }
    };
    if let AutoOr::Is(files) = &mut policy.test.workflows {
        files.iter_mut().for_each(named);
    }
    policy
        .release
        .workflow
        .iter_mut()
        .for_each(|workflow| named(&mut workflow.file));
}

fn sections(root: &mut Section<'_, '_>, policy: &mut Policy) {
    root.value("schema", &mut policy.schema);
    root.section("trigger", |s| {
        let to = &mut policy.trigger;
        s.value("labels", &mut to.labels);
        s.value("who", &mut to.who);
        s.value("grace", &mut to.grace);
    });
    root.section("severity", |s| {
        let to = &mut policy.severity;
        s.value("hotfix", &mut to.hotfix);
        s.value("regular", &mut to.regular);
        s.value("require", &mut to.require);
        s.value("min_affected_percent", &mut to.min_affected_percent);
    });
    root.section("base", |s| {
        let to = &mut policy.base;
        s.value("tag_pattern", &mut to.tag_pattern);
        s.value("branch", &mut to.branch);
        s.value("prereleases", &mut to.prereleases);
        s.value("lines", &mut to.lines);
    });
    root.section("scope", |s| {
        let to = &mut policy.scope;
        s.value("max_files", &mut to.max_files);
        s.value("max_lines", &mut to.max_lines);
        s.value("forbid", &mut to.forbid);
        s.value("forbid_paths", &mut to.forbid_paths);
        s.value("require_test", &mut to.require_test);
        s.value("commit_prefix", &mut to.commit_prefix);
        s.value("on_violation", &mut to.on_violation);
    });
    root.section("test", |s| {
        let to = &mut policy.test;
        s.value("workflows", &mut to.workflows);
        s.value("checks", &mut to.checks);
        s.value("commands", &mut to.commands);
        s.value("platforms", &mut to.platforms);
        s.value("manual", &mut to.manual);
    });
    root.section("version", |s| {
        let to = &mut policy.version;
        s.value("ecosystem", &mut to.ecosystem);
        s.tables("files", &mut to.files, version_file);
        s.value("update_lock", &mut to.update_lock);
        s.value("changelog", &mut to.changelog);
        s.value("entry", &mut to.entry);
        s.value("commit", &mut to.commit);
    });
    root.section("merge", |s| {
        let to = &mut policy.merge;
        s.value("tag_at", &mut to.tag_at);
        s.value("method", &mut to.method);
        s.value("approvals", &mut to.approvals);
        s.value("allow_self_approval", &mut to.allow_self_approval);
        s.value("require_forward_port", &mut to.require_forward_port);
        s.value("tag_message", &mut to.tag_message);
    });
    root.section("release", |s| {
        let to = &mut policy.release;
        s.value("make_latest", &mut to.make_latest);
        s.value("dry_run", &mut to.dry_run);
        s.tables("workflow", &mut to.workflow, release_workflow);
    });
    sections_after_release(root, policy);
}

fn sections_after_release(root: &mut Section<'_, '_>, policy: &mut Policy) {
    root.section("verify", |s| {
        let to = &mut policy.verify;
        s.value("registries", &mut to.registries);
        s.value("assets", &mut to.assets);
        s.value("install", &mut to.install);
        s.tables("urls", &mut to.urls, verify_url);
        s.value("ask_reporter", &mut to.ask_reporter);
    });
    root.section("announce", |s| {
        let to = &mut policy.announce;
        s.value("notes", &mut to.notes);
        s.value("close_issue", &mut to.close_issue);
        s.value("thank_reporter", &mut to.thank_reporter);
        s.value("discussion_category", &mut to.discussion_category);
        s.value("channels", &mut to.channels);
        s.value("known_issues", &mut to.known_issues);
        s.value("delete_branch", &mut to.delete_branch);
    });
    root.section("timeline", |s| {
        for (key, budget) in budgets(policy) {
            s.value(key, budget);
        }
    });
    root.section("rollback", |s| {
        let to = &mut policy.rollback;
        s.value("yank", &mut to.yank);
        s.value("delete_tag", &mut to.delete_tag);
        s.value("issue_title", &mut to.issue_title);
    });
    root.section("roles", |s| {
        let to = &mut policy.roles;
        s.value("responder", &mut to.responder);
        s.value("commander", &mut to.commander);
        s.value("security", &mut to.security);
        s.value("escalation", &mut to.escalation);
    });
    root.section("security", |s| {
        let to = &mut policy.security;
        s.value("labels", &mut to.labels);
        s.value("policy", &mut to.policy);
    });
    root.strings("links", &mut policy.links);
}

/// The rows of the timeline by their keys.
pub(super) fn budgets(policy: &mut Policy) -> [(&'static str, &mut Budget); 9] {
    let rows = &mut policy.timeline;
    [
        ("assess", &mut rows.assess),
        ("fix", &mut rows.fix),
        ("test", &mut rows.test),
        ("bump", &mut rows.bump),
        ("merge", &mut rows.merge),
        ("ci", &mut rows.ci),
        ("verify", &mut rows.verify),
        ("communicate", &mut rows.communicate),
        ("total", &mut rows.total),
    ]
}

fn version_file(s: &mut Section<'_, '_>) -> VersionFile {
    let mut file = VersionFile {
        path: String::new(),
        pattern: String::new(),
    };
    s.required("path", &mut file.path);
    s.required("pattern", &mut file.pattern);
    file
}

fn verify_url(s: &mut Section<'_, '_>) -> VerifyUrl {
    let mut url = VerifyUrl {
        url: String::new(),
        contains: contains_default(),
    };
    s.required("url", &mut url.url);
    s.value("contains", &mut url.contains);
    url
}

fn release_workflow(s: &mut Section<'_, '_>) -> ReleaseWorkflow {
    let mut workflow = ReleaseWorkflow::new("");
    s.required("file", &mut workflow.file);
    s.value("on", &mut workflow.on);
    s.strings("inputs", &mut workflow.inputs);
    s.optional("expect", &mut workflow.expect);
    s.value("timeout", &mut workflow.timeout);
    s.value("required", &mut workflow.required);
    workflow
}
