//! People come here to have a log-in ask for a code as well: to set up the app, to get recovery codes, and to switch it all
//! off. Admins and operators remove it for somebody who lost the app. It stands on `one_time_code`, which knows the codes,
//! on `session`, which asks for them, and on `recovery`.

pub mod confirm;
pub mod move_app;
mod new_device;
pub mod recovery_codes;
pub mod removal;
pub mod set_up;
pub mod switch;
pub mod switch_off;
pub mod trusted_devices;
pub mod words;
