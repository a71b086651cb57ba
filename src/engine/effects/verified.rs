//! What is looked into when a release is verified.

use super::{Context, convert};
use crate::domain::event::Outcome;
use crate::domain::objects::{
    Address, Attested, AttestedFile, Looked, Observation, Service, Sums, SumsFile,
};
use crate::domain::sums::sums;
use crate::github::Error;

/// Files of checksums: 1 call each. One that cannot be read says so.
pub async fn read_sums(context: &Context, files: &[SumsFile]) -> Result<Outcome, Error> {
    let mut all = Vec::new();
    for file in files {
        let text = match context.repo.asset_text(convert::id(file.id)?).await {
            Ok(text) => text,
            Err(limited @ (Error::RateLimited { .. } | Error::Transient(_))) => {
                return Err(limited);
            }
            Err(_) => None,
        };
        all.push(Sums {
            file: file.clone(),
            says: text.map(|text| sums(&file.name, &text)),
        });
    }
    Ok(Outcome::seen(Observation::Sums(all)))
}

/// Attestations: 1 call for each of the base's files, and 1 more where it is attested.
pub async fn read_attested(context: &Context, files: &[AttestedFile]) -> Result<Outcome, Error> {
    let mut all = Vec::new();
    for file in files {
        let base = is_attested(context, &file.base).await?;
        let here = match base {
            Some(true) => is_attested(context, &file.digest).await?,
            _ => None,
        };
        all.push(Attested {
            file: file.clone(),
            base,
            here,
        });
    }
    Ok(Outcome::seen(Observation::Attested(all)))
}

/// None: it may not be seen.
async fn is_attested(context: &Context, digest: &str) -> Result<Option<bool>, Error> {
    match context.repo.is_attested(digest).await {
        Ok(is) => Ok(Some(is)),
        Err(limited @ (Error::RateLimited { .. } | Error::Transient(_))) => Err(limited),
        Err(_) => Ok(None),
    }
}

/// Further addresses: none of GitHub's calls.
pub async fn read_addresses(context: &Context, all: &[Address]) -> Result<Outcome, Error> {
    let mut looked = Vec::new();
    for at in all {
        let found = context.registry.look_at(&at.url, &at.contains).await;
        looked.push(Looked {
            at: at.clone(),
            found,
        });
    }
    Ok(Outcome::seen(Observation::Addresses(looked)))
}

/// The status pages: none of GitHub's calls. One that cannot be read says nothing.
pub async fn read_outages(context: &Context) -> Outcome {
    let (pages, clock) = &context.pages;
    let mut all = Vec::new();
    for service in Service::ALL {
        all.extend(pages.outage(service, clock).await);
    }
    Outcome::seen(Observation::Outages(all))
}
