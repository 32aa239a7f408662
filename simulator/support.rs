//! Inlet's support, as far as mail reaches it: a mailbox on loopback that keeps
//! what arrived, and when, on a world's clock.
//!
//! Partners tell it what could not be granted within half an hour
//! (API integration guide, 3.2 step 4).

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mail_parser::MessageParser;
use mailin::{Action, Handler, Response, SessionBuilder};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::vendors::vocabulary::{Clock, Instant};

/// The address that partners write to (API integration guide, 3.2 step 4).
pub const SUPPORT: &str = "support@inlet.tech";

/// The longest line that is read, in bytes; RFC 5321 asks for 1,000 at most.
const LINE: usize = 16 * 1024;
/// The largest message, in bytes.
const MESSAGE: usize = 1024 * 1024;
/// The most messages that are kept; what comes later is refused for now.
const KEPT: usize = 10_000;
/// How long a connection may be silent, on the machine's clock.
const SILENCE: Duration = Duration::from_secs(60);

/// A message that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// When its last line arrived, on the world's clock.
    pub at: Instant,
    /// Sender of the envelope.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// Subject, decoded.
    pub subject: String,
    /// Text, decoded.
    pub text: String,
}

impl Mail {
    /// Whether it is for support.
    pub fn is_for_support(&self) -> bool {
        self.to.iter().any(|to| to.trim_matches(['<', '>']).eq_ignore_ascii_case(SUPPORT))
    }

    /// Whether subject or text hold a word.
    pub fn tells(&self, word: &str) -> bool {
        self.subject.contains(word) || self.text.contains(word)
    }
}

/// A mailbox that listens; closed with this.
#[derive(Debug)]
pub struct Mailbox {
    address: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
    serving: tokio::task::JoinHandle<()>,
}

impl Mailbox {
    /// Listens on a free port of loopback.
    pub async fn open(clock: Clock) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let mails = Arc::<Mutex<Vec<Mail>>>::default();
        let serving = tokio::spawn(serve(listener, clock, Arc::clone(&mails)));
        Ok(Self { address, mails, serving })
    }

    /// Where to send mail.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What arrived so far, in that order.
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.mails).clone()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(mails: &Mutex<Vec<Mail>>) -> MutexGuard<'_, Vec<Mail>> {
    mails.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, clock: Clock, mails: Arc<Mutex<Vec<Mail>>>) {
    let mut sessions = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    let keeper = Keeper { clock: clock.clone(), mails: Arc::clone(&mails), draft: Draft::default() };
                    // A client that breaks off has sent nothing.
                    sessions.spawn(async move { drop(converse(stream, from.ip(), keeper).await) });
                }
                // Out of handles: others must close first.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = sessions.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, from: IpAddr, keeper: Keeper) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    let mut session = SessionBuilder::new("support.inlet.test").build(from, keeper);
    write.write_all(&session.greeting().buffer()?).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut bounded = tokio::io::AsyncReadExt::take(&mut read, LINE as u64);
        let got = tokio::time::timeout(SILENCE, bounded.read_until(b'\n', &mut line)).await;
        match got {
            Ok(Ok(0)) | Err(_) => return Ok(()),
            Ok(Err(why)) => return Err(why),
            Ok(Ok(_)) => {}
        }
        let answer = session.process(&line);
        match answer.action {
            Action::NoReply => {}
            Action::Reply => write.write_all(&answer.buffer()?).await?,
            Action::Close | Action::UpgradeTls => return write.write_all(&answer.buffer()?).await,
        }
    }
}

/// A message as it comes in.
#[derive(Clone, Debug, Default)]
struct Draft {
    from: String,
    to: Vec<String>,
    bytes: Vec<u8>,
    too_large: bool,
}

/// Keeps what a session brings.
struct Keeper {
    clock: Clock,
    mails: Arc<Mutex<Vec<Mail>>>,
    draft: Draft,
}

impl Handler for Keeper {
    fn data_start(&mut self, _domain: &str, from: &str, _is8bit: bool, to: &[String]) -> Response {
        self.draft = Draft { from: from.to_owned(), to: to.to_vec(), ..Draft::default() };
        mailin::response::OK
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.draft.bytes.len() + bytes.len() > MESSAGE {
            self.draft.too_large = true;
        } else {
            self.draft.bytes.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let draft = std::mem::take(&mut self.draft);
        if draft.too_large {
            return Response::custom(552, format!("a message of more than {MESSAGE} bytes"));
        }
        let mut mails = lock(&self.mails);
        if mails.len() >= KEPT {
            return Response::custom(452, format!("{KEPT} messages are kept, and no more"));
        }
        let read = MessageParser::default().parse(&draft.bytes);
        let subject = read.as_ref().and_then(|mail| mail.subject()).unwrap_or_default().to_owned();
        let text = read.as_ref().and_then(|mail| mail.body_text(0)).unwrap_or_default().into_owned();
        mails.push(Mail { at: self.clock.now(), from: draft.from, to: draft.to, subject, text });
        mailin::response::OK
    }
}

#[cfg(test)]
mod tests {
    use lettre::message::header::ContentType;
    use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

    use super::*;

    async fn send(mailbox: &Mailbox, subject: &str, text: &str) {
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(mailbox.address().ip().to_string())
                .port(mailbox.address().port())
                .build();
        let message = Message::builder()
            .from("desk@hotel.example".parse().unwrap())
            .to(SUPPORT.parse().unwrap())
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned())
            .unwrap();
        transport.send(message).await.unwrap();
    }

    #[tokio::test]
    async fn a_message_is_kept_with_its_time_subject_and_text() {
        let clock = Clock::stepped(Instant::from_epoch_ms(1_803_891_600_000));
        let mailbox = Mailbox::open(clock.clone()).await.unwrap();
        clock.advance(Duration::from_secs(1_800)).await;
        send(&mailbox, "Лот 7: no access", "lock L-7\n.\nreference b-12\nÆgir, 504").await;
        let mails = mailbox.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].at, clock.now());
        assert!(mails[0].is_for_support());
        assert_eq!(mails[0].subject, "Лот 7: no access");
        assert!(mails[0].tells("reference b-12") && mails[0].tells("Ægir"), "{:?}", mails[0]);
    }

    #[tokio::test]
    async fn whoever_breaks_off_or_talks_nonsense_harms_nobody() {
        let mailbox = Mailbox::open(Clock::real()).await.unwrap();
        let mut stream = TcpStream::connect(mailbox.address()).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n\xff\xfe\r\nDATA\r\n").await.unwrap();
        drop(stream);
        let mut stream = TcpStream::connect(mailbox.address()).await.unwrap();
        stream.write_all(b"HELO x\r\nMAIL FROM:<a@b.example>\r\n").await.unwrap();
        drop(stream);
        send(&mailbox, "still here", "yes").await;
        assert_eq!(mailbox.mails().len(), 1);
    }
}
