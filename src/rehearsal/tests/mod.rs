mod scripted;
mod your_repo;
