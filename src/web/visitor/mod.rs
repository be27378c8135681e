//! Who is asking: the viewer with the guards that let only some of them in, the client's network, the cookies, the device.

pub mod client;
pub mod cookie;
pub mod device;
pub mod viewer;
