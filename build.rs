//! Tells cargo that the migrations are part of the library: `sqlx::migrate!`
//! notices a changed file by itself, but not a new one.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
