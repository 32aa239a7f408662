//! Servers that are wrong in one way each. All listen on loopback and live as
//! long as the test process.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;

/// A server that answers every connection in one way.
pub fn raw(answer: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().flatten().for_each(answer));
    address
}

/// Says the same to whoever connects, and hangs up.
pub fn says(text: &'static [u8]) -> SocketAddr {
    raw(move |mut connection| {
        let mut request = [0; 4096];
        // A client that went away needs no answer.
        let _ = connection.read(&mut request);
        let _ = connection.write_all(text);
    })
}

/// Takes connections and never answers.
pub fn mute() -> SocketAddr {
    let kept = std::sync::Mutex::new(Vec::new());
    raw(move |connection| kept.lock().unwrap().push(connection))
}

/// A port on which nobody listens.
pub fn closed() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// A listener that takes no more connections: what is sent to it is dropped.
pub fn black_hole() -> SocketAddr {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let span = std::time::Duration::from_millis(200);
    let waiting: Vec<TcpStream> =
        (0..8).map_while(|_| TcpStream::connect_timeout(&address, span).ok()).collect();
    // They fill the queue for as long as the process lives.
    std::mem::forget((listener, waiting));
    address
}

/// What a meddler does to the nth request (from 0): an answer of its own, or
/// `None` to pass it on.
pub type Before = Arc<dyn Fn(usize, &Request) -> Option<Response> + Send + Sync>;
/// What a meddler does to an answer that it passes back.
pub type After = Arc<dyn Fn(&mut Response) + Send + Sync>;

/// A server that passes everything on to another, but for what it meddles with.
pub async fn meddler(upstream: String, before: Before, after: After) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let app = Router::new().fallback(move |request: Request| {
        let (client, upstream) = (client.clone(), upstream.clone());
        let (before, after, count) = (before.clone(), after.clone(), count.clone());
        async move {
            let own = before(count.fetch_add(1, Ordering::Relaxed), &request);
            let mut response = match own {
                Some(response) => response,
                None => pass_on(&client, &upstream, request).await,
            };
            after(&mut response);
            response
        }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn pass_on(client: &reqwest::Client, upstream: &str, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut headers = head.headers;
    headers.remove("host");
    let sent = client.request(head.method, format!("{upstream}{path}")).headers(headers);
    let answer = sent.body(to_bytes(body, usize::MAX).await.unwrap()).send().await.unwrap();
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if name != "transfer-encoding" && name != "content-length" {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(answer.bytes().await.unwrap())).unwrap()
}

/// An answer with a status, a type and a body.
pub fn answer(status: u16, kind: &str, body: &str) -> Response {
    Response::builder().status(status).header("content-type", kind).body(Body::from(body.to_owned())).unwrap()
}

/// An authority that nobody knows unless it is told to.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap() }
    }

    /// Its certificate, for a trust store.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A TLS server that passes everything on, with a certificate for `name`
    /// that holds in these years.
    pub async fn serve(&self, name: &str, years: (i32, i32), upstream: String) -> u16 {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let configuration = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let configuration = axum_server::tls_rustls::RustlsConfig::from_config(Arc::new(configuration));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let app = Router::new().fallback(move |request: Request| {
            let (client, upstream) = (client.clone(), upstream.clone());
            async move { pass_on(&client, &upstream, request).await }
        });
        let handle = axum_server::Handle::<SocketAddr>::new();
        let server =
            axum_server::bind_rustls(([127, 0, 0, 1], 0).into(), configuration).handle(handle.clone());
        tokio::spawn(server.serve(app.into_make_service()));
        handle.listening().await.unwrap().port()
    }
}
