//! The relay's replies, from a scripted one.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// What a healthy relay says to each command; "" stands for its greeting and "." for a whole letter.
const HEALTHY: [(&str, &str); 9] = [
    ("", "220 relay"),
    ("EHLO", "250-relay\r\n250 AUTH PLAIN"),
    ("AUTH", "235 welcome"),
    ("MAIL", "250 ok"),
    ("RCPT", "250 ok"),
    ("DATA", "354 go on"),
    (".", "250 taken"),
    ("NOOP", "250 ok"),
    ("QUIT", "221 bye"),
];
const HANGS_UP: &str = "";

/// A relay that is healthy but for one command, and takes so many connections before it is gone.
async fn relay(command: &'static str, reply: &'static str, connections: usize) -> Relay {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        for _ in 0..connections {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(answer(stream, command, reply));
        }
    });
    Relay::parse(&format!("smtp://biovity:s%40cret@127.0.0.1:{port}/"), "biovity.test").unwrap()
}

async fn answer(stream: TcpStream, odd_command: &str, odd_reply: &str) {
    let mut stream = BufReader::new(stream);
    let (mut command, mut in_letter) = (String::new(), false);
    loop {
        let known = HEALTHY.iter().find(|(known, _)| *known == command).map(|(_, reply)| *reply);
        let reply = if command == odd_command { Some(odd_reply) } else { known };
        match reply {
            Some(HANGS_UP) => return,
            Some(reply) if !in_letter || command == "." => {
                stream.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
                in_letter = command == "DATA";
            }
            _ => {}
        }
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or_default() == 0 {
            return;
        }
        command = line.trim_end().chars().take(4).collect();
    }
}

async fn sent(relay: &Relay) -> SendResult {
    let (from, to) = ("no-reply@biovity.test".parse().unwrap(), "ana@example.test".parse().unwrap());
    let message = Message::builder().from(from).to(to).body("MAIL and QUIT are words here.".to_owned()).unwrap();
    relay.send(&message, &Progress::default()).await
}

#[tokio::test]
async fn a_letter_is_handed_over_and_the_connection_serves_the_next() {
    let relay = relay("", "220 relay", 1).await;
    assert_eq!([sent(&relay).await, sent(&relay).await], [SendResult::Sent, SendResult::Sent]);
    relay.close_idle().await;
    assert!(matches!(sent(&relay).await, SendResult::RelayDown(_)), "it took one connection only");
}

#[tokio::test]
async fn no_part_of_a_letter_waits_until_the_one_before_is_confirmed() {
    let relay = relay("", "220 relay", 1).await;
    sent(&relay).await;
    let watch = std::time::Instant::now();
    for _ in 0..20 {
        assert_eq!(sent(&relay).await, SendResult::Sent);
    }
    // Each would wait for some 40 ms.
    assert!(watch.elapsed() < Duration::from_millis(400), "{:?}", watch.elapsed());
}

/// A relay that takes the commands of a letter at once, and answers none of the second letter's before it has all.
async fn relay_for_groups(recipient: &'static str) -> Relay {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut stream = BufReader::new(listener.accept().await.unwrap().0);
        for (commands, reply) in [
            (0, "220 relay"),
            (1, "250-relay\r\n250 pipelining"),
            (1, "250 ok"),
            (1, "250 ok"),
            (1, "354 go on"),
            (8, "250 taken"),
            (1, "250-relay\r\n250 pipelining"),
            (3, recipient),
            (8, "250 taken"),
        ] {
            for _ in 0..commands {
                let mut line = String::new();
                while stream.read_line(&mut line).await.unwrap_or_default() > 0
                    && commands == 8
                    && ![".\r\n", "QUIT\r\n"].contains(&line.as_str())
                {
                    line.clear();
                }
                if commands == 8 {
                    break;
                }
            }
            stream.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
        }
    });
    Relay::parse(&format!("smtp://127.0.0.1:{port}/"), "biovity.test").unwrap()
}

#[tokio::test]
async fn a_connection_that_serves_more_letters_saves_turns_where_the_relay_allows_it() {
    let bad = "250 ok\r\n550 5.1.1 no such user\r\n554 5.5.1 nobody";
    let taken = "250 ok\r\n250 ok\r\n354 go on";
    let refused = SendResult::BadRecipient(Reply::new("550 5.1.1 no such user"));
    for (recipient, result) in [(taken, SendResult::Sent), (bad, refused)] {
        let relay = relay_for_groups(recipient).await;
        assert_eq!(sent(&relay).await, SendResult::Sent);
        assert_eq!(timeout(QUIT_TIMEOUT, sent(&relay)).await.unwrap(), result);
    }
}

#[tokio::test]
async fn what_is_said_of_a_letter_is_told_from_what_is_said_of_us() {
    type Kind = fn(Reply) -> SendResult;
    let cases: [(&str, &str, Kind); 14] = [
        ("", "554 no service", SendResult::RelayDown),
        ("", "421 busy", SendResult::RelayDown),
        ("EHLO", "502 what", SendResult::RelayDown),
        ("AUTH", "535 5.7.8 wrong password", SendResult::RelayDown),
        ("MAIL", "550 5.7.1 not your address", SendResult::RelayRefuses),
        ("RCPT", "530 5.7.0 log in first", SendResult::RelayStops),
        ("RCPT", "421 too many", SendResult::RelayStops),
        ("RCPT", "450 4.2.1 greylisted", SendResult::Later),
        ("RCPT", "550 5.1.1 no such user", SendResult::BadRecipient),
        ("RCPT", "501 5.1.3 bad address", SendResult::BadRecipient),
        ("DATA", "554 5.1.1 no valid recipients", SendResult::RelayRefuses),
        (".", "451 4.3.0 later", SendResult::RelayStops),
        (".", "452 4.7.0 quota", SendResult::Later),
        (".", "552 5.3.4 too big", SendResult::RelayRefuses),
    ];
    for (command, reply, kind) in cases {
        assert_eq!(sent(&relay(command, reply, 2).await).await, kind(Reply::new(reply)), "{command} {reply}");
    }
}

#[tokio::test]
async fn who_hangs_up_in_a_letter_is_asked_again() {
    for command in ["MAIL", "RCPT", "DATA", "."] {
        assert!(matches!(sent(&relay(command, HANGS_UP, 2).await).await, SendResult::Later(_)), "{command}");
        assert!(matches!(sent(&relay(command, HANGS_UP, 1).await).await, SendResult::RelayDown(_)), "{command}");
    }
}

#[test]
fn ehlo_names_the_host_of_the_site_unless_the_url_has_a_name() {
    let hello = |url, host| Relay::parse(url, host).unwrap().hello.to_string();
    assert_eq!(hello("smtp://relay", "biovity.cl"), "biovity.cl");
    assert_eq!(hello("smtp://relay/mx.biovity.cl", "biovity.cl"), "mx.biovity.cl");
    assert_eq!(hello("smtp://relay", "127.0.0.1"), "[127.0.0.1]");
    assert_eq!(hello("smtp://relay", "[::1]"), "[IPv6:::1]");
}

#[tokio::test]
async fn a_relay_without_encryption_gets_nothing_when_it_is_required() {
    let plain = relay("", "220 relay", 1).await;
    let strict = Relay::parse(&format!("smtp://u:p@127.0.0.1:{}?tls=required", plain.port), "biovity.test").unwrap();
    assert!(matches!(sent(&strict).await, SendResult::RelayDown(_)));
    assert!(Relay::parse("smtp://relay?tls=maybe", "biovity.test").is_err());
    assert!(!format!("{strict:?}").contains("u:p"));
}

/// A relay that knows nobody and never says goodbye.
async fn relay_without_goodbye() -> Relay {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut stream = BufReader::new(listener.accept().await.unwrap().0);
        for reply in ["220 relay", "250 relay", "250 ok", "550 5.1.1 no such user"] {
            stream.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
            stream.read_line(&mut String::new()).await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    Relay::parse(&format!("smtp://127.0.0.1:{port}/"), "biovity.test").unwrap()
}

#[tokio::test]
async fn a_relay_that_answers_quit_slowly_holds_up_no_result() {
    let relay = relay_without_goodbye().await;
    let result = timeout(QUIT_TIMEOUT / 2, sent(&relay)).await.expect("the result waits for the goodbye");
    assert_eq!(result, SendResult::BadRecipient(Reply::new("550 5.1.1 no such user")));
}
