//! Which read asks what.

use super::context::Context;
use super::package::Configured;
use super::{
    advisory, announce, base, base_tag, branch, checks, comments, convert, files, guards, halted,
    holds, issue, jobs, kept_files, line, offers, pointers, policy, port, publish, pull, runs, tag,
    verified,
};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{Observation, OldText, OnRegistry, PullKind, READMES, readme};
use crate::domain::read::Read;
use crate::edits::old_lines::lines_with;
use crate::github::Error;

/// Asks it. What makes many calls is kept off the stack: all that a read may be
/// lies within each other's room else.
///
/// # Errors
/// What GitHub or the registry answers.
pub async fn read(context: &Context, read: &Read) -> Result<Outcome, Error> {
    match read {
        Read::Policy { ahead } => Box::pin(policy::read(context, ahead.as_deref())).await,
        Read::Issue => issue::read(context).await,
        Read::Role { login, teams } => issue::read_role(context, login, teams).await,
        Read::Word { comment } => comments::read_word(context, *comment).await,
        Read::Base {
            tag_pattern,
            said,
            line,
            branch_pattern,
            prereleases,
            changelog,
            known_issues,
            security_policy,
            packages,
            kinds,
            registry,
            leave_locks,
            line_said,
            line_branch,
            places,
        } => {
            let asked = base_tag::Asked {
                tag_pattern: tag_pattern.as_deref(),
                said: said.as_deref(),
                line: line.as_ref(),
                branch_pattern,
                prereleases: *prereleases,
                line_said: line_said.as_deref(),
                line_branch: line_branch.as_deref(),
                package: Configured {
                    changelog,
                    packages,
                    kinds,
                    registry: *registry,
                    leave_locks: *leave_locks,
                },
                kept: kept_files::Asked {
                    known_issues,
                    security_policy,
                },
                places,
            };
            Box::pin(base::read(context, &asked)).await
        }
        Read::Channels { names } => Ok(announce::read(context, names)),
        Read::Guards => Box::pin(guards::read(context)).await,
        Read::Main { base, line } => {
            let mut ahead = base::ahead(context, base).await?;
            if let Some(line) = line {
                ahead.on_line = Some(line::ahead(context, base, line).await?);
            }
            Ok(Outcome::seen(Observation::Main(ahead)))
        }
        Read::Branch {
            branch,
            base,
            known,
            package,
            version,
            actions,
            registry,
        } => {
            let asked = branch::Asked {
                branch,
                base,
                known: known.as_ref(),
                package,
                version,
                actions,
                registry: *registry,
            };
            Box::pin(branch::read(context, &asked)).await
        }
        Read::Offers { branch } => Box::pin(offers::read(context, branch)).await,
        Read::Pull {
            number,
            pull: kind,
            marked,
            tree,
        } => {
            let read = pull::read(context, *number, marked, *tree).await?;
            Ok(Outcome::seen(convert::seen(*kind, read)))
        }
        Read::Labellers => issue::read_labellers(context).await,
        Read::Fixes => issue::read_fixes(context).await,
        Read::OldLines { commit, version } => Ok(Outcome::seen(Observation::OldLines(
            old_text(context, commit, version).await?,
        ))),
        Read::Advisory { id } => advisory::read(context, id).await,
        Read::Duplicates => issue::read_duplicates(context).await,
        // A pull request is an issue, and only as such says who closed it: 1 call.
        Read::Closer { number } => {
            let issue = context.repo.issue(convert::id(*number)?).await?;
            let closer = issue.and_then(|issue| issue.closed_by);
            let login = closer.map(|actor| actor.login);
            Ok(Outcome::seen(Observation::Closer(login)))
        }
        Read::Reviews { number } => pull::read_reviews(context, *number).await,
        Read::Writers => issue::read_writers(context).await,
        Read::Runs {
            sha,
            chained,
            pull: kind,
        } => {
            let read = Box::pin(runs::read(context, sha, chained.as_ref())).await?;
            Ok(Outcome::seen(match kind {
                PullKind::Hotfix => Observation::Runs(read),
                PullKind::Port => Observation::PortRuns(read),
                PullKind::Known => Observation::KnownRuns(read),
            }))
        }
        Read::Checks { sha, names } => {
            let read = checks::read(context, sha, names).await?;
            Ok(Outcome::seen(Observation::Checks(read)))
        }
        Read::Jobs {
            sha,
            runs,
            tests,
            builds,
        } => {
            let asked = jobs::Asked {
                sha,
                runs,
                tests,
                builds: *builds,
            };
            let read = Box::pin(jobs::read(context, &asked)).await?;
            Ok(Outcome::seen(Observation::Jobs(read)))
        }
        Read::Halted { runs, without_fix } => {
            Box::pin(halted::read(context, runs, without_fix.as_ref())).await
        }
        Read::Sums { files } => verified::read_sums(context, files).await,
        Read::Attested { files } => verified::read_attested(context, files).await,
        Read::Addresses { all } => Box::pin(verified::read_addresses(context, all)).await,
        Read::Outages => Ok(verified::read_outages(context).await),
        Read::Trial { carry } => Box::pin(port::trial(context, carry)).await,
        Read::Holds {
            carry,
            carried,
            merged,
            whole,
            line,
        } => {
            let branch = line.as_deref().unwrap_or(&context.default_branch);
            let asked = holds::Asked {
                branch,
                carry,
                carried: carried.as_ref(),
                merged: merged.as_ref(),
                whole: *whole,
            };
            let holds = Box::pin(holds::read(context, &asked)).await?;
            Ok(Outcome::seen(match line {
                None => Observation::Holds(holds),
                Some(_) => Observation::OnLine(holds),
            }))
        }
        Read::Tag { tag } => tag::read(context, tag).await,
        Read::Pointers { names } => pointers::read(context, names).await,
        Read::Release { tag } => publish::read_release(context, tag).await,
        Read::Parts {
            packages,
            registries,
        } => publish::read_parts(context, packages, registries).await,
        Read::Registry {
            package,
            version,
            others,
            raised,
            known,
            registry,
            beside,
            base,
        } => {
            let here = |package: &String, version: &String| OnRegistry {
                registry: *registry,
                package: package.clone(),
                version: version.clone(),
            };
            let mut all = vec![here(package, version)];
            all.extend(others.iter().map(|other| here(other, version)));
            all.extend(raised.iter().map(|(other, version)| here(other, version)));
            all.extend(beside.iter().cloned());
            let base = (base.as_str(), version.as_str());
            Box::pin(publish::read_registry(context, &all, base, known)).await
        }
    }
}

/// The README's lines with this version: 1 call; 2 where GraphQL does not answer.
async fn old_text(context: &Context, commit: &Sha, version: &str) -> Result<OldText, Error> {
    context.repo.look_at(commit.as_str(), &READMES).await;
    let entries = context.repo.dir("", commit.as_str()).await?;
    let entries = entries.ok_or(Error::NotFound)?;
    let files = entries.iter();
    let files = files.filter(|entry| matches!(entry.kind.as_str(), "file" | "symlink"));
    let Some(path) = readme(files.map(|entry| entry.name.as_str())) else {
        return Ok(OldText::default());
    };
    let text = files::text(context, path, commit).await?;
    Ok(OldText {
        path: path.to_owned(),
        lines: text.map_or_else(Vec::new, |text| lines_with(&text, version)),
    })
}
