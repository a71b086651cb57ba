//! One program for all targets: `FUZZ_TARGET` says which; `--list` names them, and
//! `--seeds TARGET INTO FROM…` collects what to begin with.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::{Corpus, fuzz_target};

mod answers;
mod oracle;
mod seeds;
mod targets;

static TARGET: OnceLock<fn(&[u8]) -> bool> = OnceLock::new();

fuzz_target!(
    init: {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match arguments.as_slice() {
            ["--list"] => {
                for (name, _) in targets::TARGETS {
                    println!("{name}");
                }
                std::process::exit(0);
            }
            ["--seeds", target, into, from @ ..] => {
                let said = seeds::collect(target, into, from, 3_000);
                println!("{target}: {said}");
                std::process::exit(0);
            }
            _ => {}
        }
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        let Some(target) = targets::named(&name) else {
            eprintln!("FUZZ_TARGET: no target \"{name}\"");
            std::process::exit(2);
        };
        let _ = TARGET.set(target);
    },
    |data: &[u8]| -> Corpus {
        match TARGET.get() {
            Some(target) if target(data) => Corpus::Keep,
            _ => Corpus::Reject,
        }
    }
);
