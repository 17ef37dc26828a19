//! What the site received, shown as it came.

use super::answer::Answer;
use super::routes::Visit;

/// `/headers`: the head byte for byte, then the content.
pub(super) fn headers(visit: &Visit<'_>) -> Answer {
    let request = visit.request;
    let mut text = request.raw.clone();
    match request.content.len() {
        0 => text.extend_from_slice(b"(no content)\n"),
        1 => text.extend_from_slice(b"(1 byte of content)\n"),
        length => text.extend_from_slice(format!("({length} bytes of content)\n").as_bytes()),
    }
    text.extend_from_slice(&request.content);
    Answer::text(200, text)
        .field("X-Content-Type-Options", "nosniff")
        .field("Cache-Control", "no-store")
}

/// `/ip`: address and port of the client's end of the connection.
pub(super) fn ip(visit: &Visit<'_>) -> Answer {
    Answer::text(200, format!("{}\n", visit.request.peer)).field("Cache-Control", "no-store")
}

#[cfg(test)]
mod tests {
    use super::super::talk;
    use std::io::Write;
    use std::net::TcpStream;

    #[test]
    fn the_head_is_shown_byte_for_byte() {
        let site = talk::site();
        let request =
            "PUT /headers?a=%20b HTTP/1.1\r\nhOsT: a\r\nx:1\r\nX:  2 \r\nConnection: close\r\n\r\n";
        assert_eq!(talk::ask(&site, request).text(), format!("{request}(no content)\n"));
    }

    #[test]
    fn the_address_is_the_one_of_the_connection() {
        let site = talk::site();
        let mut stream = TcpStream::connect(site.addr()).unwrap();
        stream.write_all(b"GET /ip HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let address = stream.local_addr().unwrap();
        assert_eq!(talk::one_answer(&mut stream).text(), format!("{address}\n"));
    }
}
