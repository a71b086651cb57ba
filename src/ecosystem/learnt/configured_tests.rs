use super::*;

#[test]
fn a_fourth_number_stays() {
    for (pattern, text, next) in [
        (
            "Version=\"{version}.0\"",
            "Version=\"1.0.4.0\"",
            "Version=\"1.0.5.0\"",
        ),
        ("{version}.0", "a 1.0.4.0 b", "a 1.0.5.0 b"),
        ("v{version}.zip", "v1.0.4.zip", "v1.0.5.zip"),
    ] {
        let one = Configured {
            path: "f".to_owned(),
            pattern: pattern.to_owned(),
            form: WrittenIn::Full,
            optional: false,
        };
        let place = configured(&one, Some(text), "1.0.4").unwrap();
        assert_eq!(place.pattern().as_deref(), Some(pattern));
        assert_eq!(place.edit(text, "1.0.4", "1.0.5", "").unwrap(), next);
    }
}
use crate::ecosystem::learnt::shape::versions;

#[test]
fn a_configured_place_holds_the_version_or_says_what_it_holds() {
    let at = |pattern: &str, form: WrittenIn, text: Option<&str>| {
        let one = Configured {
            path: "f".into(),
            pattern: pattern.into(),
            form,
            optional: false,
        };
        configured(&one, text, "1.0.4")
    };
    for (pattern, form, text, next) in [
        (
            "v={version}",
            WrittenIn::Full,
            "a v=1.0.4; v=1.0.4\n",
            "a v=1.0.5; v=1.0.5\n",
        ),
        ("{version}", WrittenIn::Full, "1.0.4", "1.0.5"),
        (
            "V 0x{hex}",
            WrittenIn::Full,
            "#define V 0x010004\n",
            "#define V 0x010005\n",
        ),
        ("V 0x{version}", WrittenIn::Hex, "V 0x010004", "V 0x010005"),
        (
            "({major}, {minor}, {patch})",
            WrittenIn::Full,
            "v = (1, 0, 4)",
            "v = (1, 0, 5)",
        ),
        (
            "/{major}.{minor}/lamp-{version}.tar",
            WrittenIn::Full,
            "get /1.0/lamp-1.0.4.tar\n",
            "get /1.0/lamp-1.0.5.tar\n",
        ),
        ("({version},", WrittenIn::Comma, "(1,0,4,0)", "(1,0,5,0)"),
        (
            "{version} of {date}",
            WrittenIn::Full,
            "1.0.4 of 2025-01-01",
            "1.0.5 of 2026-02-03",
        ),
    ] {
        let place = at(pattern, form, Some(text)).unwrap();
        let edited = place.edit(text, "1.0.4", "1.0.5", "2026-02-03");
        assert_eq!(edited.as_deref(), Ok(next), "{pattern}");
        assert_eq!(place.read(next, &["1.0.5", "1.0.4"]), Some("1.0.5"));
        assert_eq!(place.read(text, &["1.0.5", "1.0.4"]), Some("1.0.4"));
    }
    let words = |text| at("v={version}", WrittenIn::Full, text).unwrap_err();
    assert_eq!(
        words(Some("x\n  v=1.0.3\n")),
        "version.files: f does not hold 1.0.4 as `v={version}`; line 2 is `v=1.0.3`"
    );
    assert_eq!(words(None), "version.files: there is no f");
}

/// What a listed line is called can be pasted, whatever its form.
#[test]
fn a_pattern_that_is_told_is_one_that_is_taken() {
    for line in [
        "V = 1.0.4",
        "v = (1, 0, 4)",
        "FILEVERSION 1,0,4,0",
        "lamp_1_0_4.zip",
        "V 0x010004",
    ] {
        let shape = versions(line, "1.0.4");
        let place = Place {
            line: shape,
            ..Place::default()
        };
        let one = Configured {
            path: "f".into(),
            pattern: place.pattern().unwrap(),
            form: WrittenIn::Full,
            optional: false,
        };
        let place = configured(&one, Some(line), "1.0.4").unwrap();
        let new = place.edit(line, "1.0.4", "1.0.5", "").unwrap();
        assert!(new != line && place.stands(&new, "1.0.5"), "{new}");
    }
}
