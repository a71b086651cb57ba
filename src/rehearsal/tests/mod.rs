mod scenarios;
mod scripted;
mod your_repo;
