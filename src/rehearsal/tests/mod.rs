mod other_kinds;
mod page;
mod scenarios;
mod scripted;
mod your_repo;
