//! Each main shape of what people read, as it is read.

mod world;

#[test]
fn look() {
    let mut all = String::new();
    for mut w in [
        world::fix_awaited(),
        world::gates_open(),
        world::ready(),
        world::after_the_tag(),
        world::over(),
    ] {
        all.push_str(&w.view(super::status));
        all.push_str("\n=========\n");
    }
    let mut o = world::over();
    for t in [
        o.view(super::verification),
        o.view(|v| super::closing(v, true)),
        o.view(super::notes_block),
        o.view(super::pull_body),
        o.view(super::merge_title),
        o.view(super::merge_message),
        o.view(|v| super::tag_message(v, v.preview.as_ref().unwrap())),
    ] {
        all.push_str(&t);
        all.push_str("\n=========\n");
    }
    std::fs::write("/tmp/look.md", all).unwrap();
}
