//! Package registries: is the version there, is it yanked?
