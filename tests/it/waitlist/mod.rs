mod api;
mod confirm;
mod home;
mod join;
mod overview;
mod place;
mod review;
