//! Mail that the desk sends: to Inlet's support, and to the operator.

use std::time::{Duration, SystemTime};

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::harness::integration::http::install_tls;
use crate::vendors::vocabulary::{Instant, Secret};

/// How long a mail server may take, on the machine's clock.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail server, and how it is spoken to.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// Its name or address; where the connection is encrypted, its certificate
    /// must be for it.
    pub host: String,
    /// Its port: usually 587 for `STARTTLS`, 465 for TLS from the first byte, 25 for none.
    pub port: u16,
    /// Whether and how the connection to it is encrypted.
    pub encryption: MailEncryption,
    /// Whom it knows us as, where it wants to know.
    pub login: Option<MailLogin>,
}

/// How a connection to a mail server is encrypted. The server's certificate is
/// verified, and nothing is sent where it does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailEncryption {
    /// Not at all: for a server on this machine or in a trusted network. No
    /// password is sent over it.
    None,
    /// By `STARTTLS` (RFC 3207), without which no mail is sent.
    StartTls {
        /// The certificate (PEM) of whoever alone may vouch for the server's; the
        /// machine's own authorities where it is left out.
        authority: Option<String>,
    },
    /// From the first byte (RFC 8314).
    Implicit {
        /// As with `STARTTLS`.
        authority: Option<String>,
    },
}

/// Whom a mail server knows us as.
#[derive(Clone, Debug)]
pub struct MailLogin {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Secret,
}

impl MailServer {
    /// A server on this machine or in a trusted network, without encryption and login.
    pub fn trusted(host: impl Into<String>, port: u16) -> Self {
        Self { host: host.into(), port, encryption: MailEncryption::None, login: None }
    }

    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
        install_tls();
        let tls = match &self.encryption {
            MailEncryption::None if self.login.is_some() => {
                let what = "a password is sent over an encrypted connection only";
                return Err(format!("mail server {}: {what}; choose STARTTLS or implicit TLS", self.host));
            }
            MailEncryption::None => Tls::None,
            MailEncryption::StartTls { authority } => Tls::Required(self.tls(authority.as_deref())?),
            MailEncryption::Implicit { authority } => Tls::Wrapper(self.tls(authority.as_deref())?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(self.host.as_str())
            .port(self.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some(login) = &self.login {
            let credentials = Credentials::new(login.user.clone(), login.password.expose().to_owned());
            builder = builder.credentials(credentials);
        }
        Ok(builder.build())
    }

    /// Verification by one authority, or by the machine's.
    fn tls(&self, authority: Option<&str>) -> Result<TlsParameters, String> {
        let told = |why: &dyn std::fmt::Display| format!("mail server {}: {why}", self.host);
        let mut builder = TlsParameters::builder(self.host.clone());
        if let Some(authority) = authority {
            if !authority.contains("-----BEGIN CERTIFICATE-----") {
                return Err(told(&"the authority is no certificate in PEM"));
            }
            let authority = Certificate::from_pem(authority.as_bytes()).map_err(|why| told(&why))?;
            builder = builder.certificate_store(CertificateStore::None).add_root_certificate(authority);
        }
        builder.build().map_err(|why| told(&why))
    }
}

/// A message, before it has sender and recipient.
pub(super) struct Letter {
    /// When it was written.
    pub at: Instant,
    /// By which it is known again; unique at our end.
    pub name: String,
    pub subject: String,
    pub text: String,
}

/// A way from one address to another.
pub(super) struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    password: Option<Secret>,
    from: Mailbox,
    to: Mailbox,
}

impl Mailer {
    pub fn new(server: &MailServer, from: &str, to: &str) -> Result<Self, String> {
        let mailbox = |text: &str| text.parse::<Mailbox>().map_err(|error| format!("{text:?}: {error}"));
        let password = server.login.as_ref().map(|login| login.password.clone());
        Ok(Self { transport: server.transport()?, password, from: mailbox(from)?, to: mailbox(to)? })
    }

    /// Sends a message; an error where it could not be sent, in words for a log.
    pub async fn send(&self, letter: Letter) -> Result<(), String> {
        let message = self.message(letter).map_err(|error| error.to_string())?;
        self.transport.send(message).await.map(|_| ()).map_err(|error| {
            let told = error.to_string();
            match &self.password {
                Some(password) => told.replace(password.expose(), Secret::MASK),
                None => told,
            }
        })
    }

    fn message(&self, letter: Letter) -> Result<Message, lettre::error::Error> {
        let since = u64::try_from(letter.at.epoch_ms()).unwrap_or_default();
        Message::builder()
            .from(self.from.clone())
            .to(self.to.clone())
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(since))
            .message_id(Some(format!("<{}@lockstep.invalid>", letter.name)))
            .subject(letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text)
    }
}
