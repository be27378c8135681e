//! The webhook room: endpoints of other programs, and the deliveries that tell them what happens, by the Standard Webhooks
//! specification. It knows no feature: triggers (`migrations/…_050_webhook_events`) write a delivery in the statement of what
//! happened, and delete those that name somebody who is erased. Of places that joined they write one row for all
//! (`…_075_join_batches`), of which the worker makes the deliveries. It owns the tables `webhook`, `webhook_delivery` and
//! `webhook_join_batch`.

pub mod delete_endpoint;
pub mod delivery;
pub mod endpoint;
pub mod endpoint_acts;
pub mod endpoint_control;
pub mod endpoint_list;
pub mod endpoint_page;
pub mod endpoint_url;
pub mod event;
pub mod letters;
pub mod past_delivery;
pub mod probe;
pub mod rotate_secret;
pub mod signing_secret;
pub mod switch_off;
pub mod words;
