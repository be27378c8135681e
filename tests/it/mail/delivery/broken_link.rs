//! Connections to the relay that break on the way: a letter goes out once more as the same mail, and no mail is lost.

use std::time::Duration;

use chrono::TimeDelta;

use crate::mail::{arrived, join, row};
use crate::support::TestSite;
use crate::support::fault_proxy::{Cut, Fault, FaultProxy, Moment};
use crate::support::smtp::SmtpServer;
use crate::support::torture::report;

/// Letters of the long run for each place where the connection is cut.
const MANY: u32 = 40;
/// The greeting, a recipient, the command before the mail, a line of it, and its end.
const PLACES: [&[u8]; 5] = [b"EHLO ", b"RCPT TO:", b"DATA\r\n", b"Subject: ", b"\r\n.\r\n"];

async fn behind_proxy() -> (TestSite, SmtpServer, FaultProxy) {
    let relay = SmtpServer::start().await;
    let proxy = FaultProxy::to_address(relay.address).await;
    let url = format!("smtp://{}", proxy.address);
    (TestSite::with(&[("SMTP_URL", &url), ("RATE_LIMITS", "off")]).await, relay, proxy)
}

/// Delivers until the letter is settled.
async fn deliver(site: &TestSite, address: &str) {
    for _ in 0..10 {
        site.deliver_mail().await;
        if row(site, address).status == "sent" {
            return;
        }
        site.app.clock.advance(TimeDelta::seconds(31));
    }
    panic!("{address}: {:?}", row(site, address));
}

async fn cut(letters: u32) {
    let (site, relay, proxy) = behind_proxy().await;
    let (mut once, mut twice) = (0, 0);
    for (number, at) in (0..letters).flat_map(|_| PLACES).enumerate() {
        for moment in [Moment::Before, Moment::After] {
            let (address, cuts) = (format!("ana{number}{moment:?}@example.cl").to_lowercase(), proxy.cuts());
            join(&site, &address).await;
            proxy.play(Fault::CutOnce(Cut { mark: Vec::new(), at, moment }));
            deliver(&site, &address).await;
            assert_eq!(proxy.cuts(), cuts + 1, "the cut was not reached");
            let mails: Vec<_> = relay.mails().into_iter().filter(|mail| mail.to == address).collect();
            // Only the relay that had the whole mail has it twice.
            let is_doubled = at == *PLACES.last().unwrap() && moment == Moment::After;
            assert_eq!(mails.len(), 1 + usize::from(is_doubled), "{moment:?} {}", String::from_utf8_lossy(at));
            assert!(mails.iter().all(|mail| mail.message_id == mails[0].message_id && mail.raw == mails[0].raw));
            *if is_doubled { &mut twice } else { &mut once } += 1;
        }
    }
    let done = format!("cut at five places of the conversation, {} times", proxy.cuts());
    let figure = format!("{once} mails once; {twice}, cut after the dot, twice with the same Message-ID");
    report("each mail arrives, once unless its answer was lost", &done, figure, "0 lost, 0 other doubles");
}

#[tokio::test]
async fn a_letter_cut_off_on_the_way_goes_out_once_more_and_is_doubled_only_after_its_last_dot() {
    cut(1).await;
}

#[tokio::test]
#[ignore = "takes minutes: make torture"]
async fn letters_cut_off_anywhere_arrive_and_are_doubled_only_after_their_last_dot() {
    cut(MANY).await;
}

#[tokio::test]
async fn a_relay_that_resets_or_delays_every_connection_loses_no_letter() {
    let (site, relay, proxy) = behind_proxy().await;
    for (number, fault) in
        [Fault::Reset, Fault::CutAfter(60), Fault::Delay(Duration::from_millis(20))].into_iter().enumerate()
    {
        let address = format!("ana{number}@example.cl");
        join(&site, &address).await;
        proxy.play(fault);
        site.deliver_once().await;
        proxy.play(Fault::None);
        deliver(&site, &address).await;
        assert_eq!(relay.mails().iter().filter(|mail| mail.to == address).count(), 1);
        assert_eq!(arrived(&site, &address), 0, "it went another way");
    }
}
