//! What ships against Ruby's own tools, where they are on the machine: RubyGems,
//! which decides what a version is, and Bundler.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{edit, number, read};
use crate::ecosystem::by_place::{self, Places};
use crate::ecosystem::files::Texts;
use crate::ecosystem::package::{Member, Package};

const PLACES: Places = Places { read, edit };

/// Runs a tool in a folder; none where it is not there. `scripts/test` lists what
/// is left out so.
fn run(dir: &Path, program: &str, arguments: &[&str], input: &str) -> Option<(bool, String)> {
    let child = Command::new(program)
        .args(arguments)
        .current_dir(dir)
        .env("HOME", dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("left out: {program} is not there");
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let out = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(if out.status.success() {
        &out.stdout
    } else {
        &out.stderr
    });
    Some((out.status.success(), text.into_owned()))
}

/// Prints of each line whether it is a version, and a prerelease, and how it
/// compares with the one before.
const SCRIPT: &str = "
last = nil
$stdin.read.split(\"\\n\", -1)[0..-2].each do |line|
  unless line.empty? || !Gem::Version.correct?(line)
    version = Gem::Version.new(line)
    puts \"#{version.prerelease? ? true : false} #{last ? version <=> last : 0}\"
    last = version
  else
    puts '-'
  end
end
";

#[test]
fn versions_are_read_and_compared_as_rubygems_does() {
    let word = prop_oneof![
        "[.]?[a-z]{1,3}[0-9]{0,2}",
        "[.](rc|pre|beta)[.]?[0-9]",
        "-[0-9a-z]{1,2}",
        "[.]0",
        "[+_ .-]"
    ];
    let version = (
        prop::collection::vec("[0-9]{1,2}", 1..5),
        prop::collection::vec(word, 0..3),
    )
        .prop_map(|(numbers, words)| format!("{}{}", numbers.join("."), words.concat()));
    let mut runner = TestRunner::deterministic();
    let all: Vec<String> = (0..3000)
        .map(|_| version.new_tree(&mut runner).unwrap().current())
        .collect();
    let input: String = all.iter().map(|text| format!("{text}\n")).collect();
    let Some((ok, told)) = run(Path::new("."), "ruby", &["-e", SCRIPT], &input) else {
        return;
    };
    assert!(ok, "{told}");
    let mut last: Option<number::Number> = None;
    let mut read = 0;
    for (text, told) in all.iter().zip(told.lines()) {
        let own = number::Number::parse(text);
        assert_eq!(own.is_none(), told == "-", "{text}: {told}");
        let Some(own) = own else {
            continue;
        };
        let order = last.as_ref().map_or(0, |last| own.cmp(last) as i8);
        assert_eq!(
            format!("{} {order}", own.is_prerelease()),
            told,
            "{text} behind {last:?}"
        );
        last = Some(own);
        read += 1;
    }
    assert!(read > 300, "{read}");
}

#[test]
fn bundler_finds_the_lock_file_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let write = |path: &str, text: &str| {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "pond.gemspec",
        "require_relative 'lib/pond/version'\nGem::Specification.new do |s|\n  s.name = 'pond'\n  s.version = Pond::VERSION\n  s.summary = 'x'\n  s.authors = ['a']\n  s.add_dependency 'core', Pond::VERSION\nend\n",
    );
    write(
        "lib/pond/version.rb",
        "module Pond\n  VERSION = '1.0.4'.freeze\nend\n",
    );
    write(
        "core/core.gemspec",
        "Gem::Specification.new do |s|\n  s.name = 'core'\n  s.version = '1.0.4'\n  s.summary = 'x'\n  s.authors = ['a']\nend\n",
    );
    write(
        "Gemfile",
        "source 'https://gems.invalid'\ngemspec\ngem 'core', path: 'core'\n",
    );
    let Some((ok, told)) = run(dir, "bundle", &["lock", "--local"], "") else {
        return;
    };
    assert!(ok, "{told}");
    let read = |path: &str| std::fs::read_to_string(dir.join(path)).unwrap();
    let before = read("Gemfile.lock");
    let member = |name: &str, manifest: &str| Member {
        name: name.to_owned(),
        manifest: manifest.to_owned(),
        version: "1.0.4".to_owned(),
        released: true,
        publish: true,
    };
    let package = Package {
        name: "pond".to_owned(),
        manifest: "lib/pond/version.rb".to_owned(),
        manifests: vec![
            "lib/pond/version.rb".to_owned(),
            "core/core.gemspec".to_owned(),
        ],
        own: vec!["pond".to_owned(), "core".to_owned()],
        lock: Some("Gemfile.lock".to_owned()),
        members: vec![
            member("pond", "pond.gemspec"),
            member("core", "core/core.gemspec"),
        ],
        ..Package::default()
    };
    let texts: Vec<(&str, String)> = package
        .known_places()
        .map(|path| (path, read(path)))
        .collect();
    let texts: Texts<'_> = texts
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    for (path, text) in by_place::raise(PLACES, &texts, &package, "1.0.5")
        .unwrap()
        .files
    {
        write(&path, &text);
    }
    let ours = read("Gemfile.lock");
    assert_ne!(ours, before);
    let (ok, told) = run(dir, "bundle", &["lock", "--local"], "").unwrap();
    assert!(ok, "{told}");
    assert_eq!(read("Gemfile.lock"), ours);
}
