//! HTTP/1.1 as bytes: as much of it as the proxy must read to pass it on.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Longest head and longest body that are passed on, in bytes.
const HEAD_LIMIT: usize = 64 * 1024;
const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// A request as it came.
pub(super) struct Request {
    pub method: String,
    /// Path and query as written.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the body came in chunks, so that it goes on in chunks.
    pub chunked: bool,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or(&self.target)
    }
}

/// Reads a request; `None` where the client has closed instead.
pub(super) async fn read_request(
    socket: &mut (impl AsyncRead + Unpin),
    buffer: &mut Vec<u8>,
) -> io::Result<Option<Request>> {
    let end = loop {
        if let Some(at) = find(buffer, b"\r\n\r\n") {
            break at;
        }
        if buffer.len() > HEAD_LIMIT {
            return Err(malformed("the head is too long"));
        }
        if socket.read_buf(buffer).await? == 0 {
            return if buffer.is_empty() { Ok(None) } else { Err(malformed("the head broke off")) };
        }
    };
    let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
    buffer.drain(..end + 4);
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target)) = (first.next(), first.next()) else {
        return Err(malformed("no request line"));
    };
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body: Vec::new(),
        chunked: false,
    };
    request.chunked =
        request.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    request.body = if request.chunked {
        read_chunks(socket, buffer).await?
    } else {
        let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        take(socket, buffer, length).await?
    };
    Ok(Some(request))
}

async fn read_chunks(socket: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = take_line(socket, buffer).await?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| malformed("no size of a chunk"))?;
        if size == 0 {
            // Trailers are read past; the empty line ends them.
            while !take_line(socket, buffer).await?.is_empty() {}
            return Ok(body);
        }
        if body.len() + size > BODY_LIMIT {
            return Err(malformed("the body is too long"));
        }
        body.extend(take(socket, buffer, size).await?);
        take_line(socket, buffer).await?;
    }
}

async fn take_line(socket: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> io::Result<String> {
    loop {
        if let Some(at) = find(buffer, b"\r\n") {
            let line = String::from_utf8_lossy(&buffer[..at]).into_owned();
            buffer.drain(..at + 2);
            return Ok(line);
        }
        if buffer.len() > HEAD_LIMIT || socket.read_buf(buffer).await? == 0 {
            return Err(malformed("a line broke off"));
        }
    }
}

async fn take(
    socket: &mut (impl AsyncRead + Unpin),
    buffer: &mut Vec<u8>,
    length: usize,
) -> io::Result<Vec<u8>> {
    if length > BODY_LIMIT {
        return Err(malformed("the body is too long"));
    }
    while buffer.len() < length {
        if socket.read_buf(buffer).await? == 0 {
            return Err(malformed("the body broke off"));
        }
    }
    Ok(buffer.drain(..length).collect())
}

/// An answer as bytes. `half` breaks it off in the middle of its body, which is
/// announced whole.
pub(super) fn answer_bytes(
    status: u16,
    reason: &str,
    headers: &[(String, Vec<u8>)],
    body: &[u8],
    half: bool,
) -> Vec<u8> {
    let named = |name: &str| headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    let chunked = !named("content-length") && named("transfer-encoding");
    let mut bytes = format!("HTTP/1.1 {status} {reason}\r\n").into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    if half && body.is_empty() {
        // Nothing to break off but the head.
        bytes.truncate(bytes.len() / 2);
        return bytes;
    }
    let sent = if half { &body[..body.len() / 2] } else { body };
    if chunked && !body.is_empty() {
        bytes.extend_from_slice(format!("{:x}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(sent);
    if chunked && !half {
        bytes.extend_from_slice(if body.is_empty() { b"0\r\n\r\n" as &[u8] } else { b"\r\n0\r\n\r\n" });
    }
    bytes
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn malformed(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
