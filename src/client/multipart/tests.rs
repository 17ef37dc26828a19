use super::*;

fn text(name: &str, content: &str) -> Part<&'static str> {
    Part {
        name: Some(name.to_owned()),
        filename: None,
        media_type: None,
        fields: Vec::new(),
        encoding: None,
        body: Body::Bytes(content.as_bytes().to_vec()),
    }
}

fn file(name: &str, filename: Option<&str>, path: Option<&str>) -> Part<&'static str> {
    Part {
        filename: filename.map(str::to_owned),
        body: Body::Source { source: "FILE", path: path.map(str::to_owned) },
        ..text(name, "")
    }
}

/// The whole, a source as its name, boundaries `B1`, `B2` …
fn laid_out(parts: Vec<Part<&'static str>>, media_type: Option<&str>, how: Escaping) -> String {
    let mut number = 0;
    let mut boundary = || {
        number += 1;
        format!("B{number}")
    };
    let layout = layout(parts, media_type, how, &mut boundary).unwrap();
    let mut out = layout.media_type + "\n";
    for segment in layout.segments {
        match segment {
            Segment::Bytes(bytes) => out.push_str(&String::from_utf8(bytes).unwrap()),
            Segment::Source(source, _) => out.push_str(source),
        }
    }
    out.replace("\r\n", "\n")
}

fn form(parts: Vec<Part<&'static str>>) -> String {
    laid_out(parts, None, Escaping::Percent)
}

#[test]
fn fields_and_files_stand_between_boundaries() {
    let laid = form(vec![text("a", "1"), file("f", Some("x.PNG"), Some("/tmp/x"))]);
    let expected = "multipart/form-data; boundary=B1\n--B1\n\
        Content-Disposition: form-data; name=\"a\"\n\n1\n--B1\n\
        Content-Disposition: form-data; name=\"f\"; filename=\"x.PNG\"\n\
        Content-Type: image/png\n\nFILE\n--B1--\n";
    assert_eq!(laid, expected);
}

#[test]
fn a_file_that_is_a_field_is_plain_text_without_saying_so() {
    assert!(!form(vec![file("f", None, Some("x.txt"))]).contains("Content-Type"));
    assert!(form(vec![file("f", None, Some("x.html"))]).contains("Content-Type: text/html\n"));
    let unknown = form(vec![file("f", Some("x"), Some("x"))]);
    assert!(unknown.contains("Content-Type: application/octet-stream\n"));
    // Standard input has no ending that would tell.
    assert!(!form(vec![file("f", Some("-"), None)]).contains("Content-Type"));
}

#[test]
fn files_of_one_field_are_parts_of_their_own_boundary() {
    let files = vec![
        Part { name: None, ..file("", Some("a"), Some("a")) },
        Part { name: None, encoding: Some(Encoding::Base64), ..file("", Some("b"), Some("b")) },
    ];
    let laid = form(vec![Part { body: Body::Parts(files), ..text("f", "") }]);
    let expected = "multipart/form-data; boundary=B1\n--B1\n\
        Content-Disposition: form-data; name=\"f\"\n\
        Content-Type: multipart/mixed; boundary=B2\n\n--B2\n\
        Content-Disposition: attachment; filename=\"a\"\n\
        Content-Type: application/octet-stream\n\nFILE\n--B2\n\
        Content-Disposition: attachment; filename=\"b\"\n\
        Content-Type: application/octet-stream\n\
        Content-Transfer-Encoding: base64\n\nFILE\n--B2--\n\n--B1--\n";
    assert_eq!(laid, expected);
}

#[test]
fn what_is_no_form_has_attachments() {
    let laid = laid_out(vec![text("a", "1")], Some("text/info"), Escaping::Percent);
    assert!(laid.starts_with("text/info; boundary=B1\n"), "{laid}");
    assert!(laid.contains("Content-Disposition: attachment; name=\"a\"\n"), "{laid}");
}

#[test]
fn a_persons_own_fields_stand_for_ours() {
    let fields = ["content-type: text/x", "X-Own: 1", "Content-Disposition: mine"];
    let fields = fields.iter().map(|line| (*line).to_owned()).collect();
    let laid = form(vec![Part { fields, ..text("a", "1") }]);
    let expected = "--B1\nContent-Type: text/x\nX-Own: 1\nContent-Disposition: mine\n\n1\n";
    assert!(laid.contains(expected), "{laid}");
}

#[test]
fn no_name_ends_its_quotes() {
    let name = "a\"\\\r\n";
    let part = || vec![text(name, "")];
    assert!(form(part()).contains("name=\"a%22\\%0D%0A\"\n"));
    let laid = laid_out(part(), None, Escaping::Backslash);
    assert!(laid.contains("name=\"a\\\"\\\\%0D%0A\"\n"), "{laid}");
}

#[test]
fn a_boundary_is_new_each_time() {
    let (one, other) = (random_boundary(), random_boundary());
    assert_ne!(one, other);
    assert_eq!(one.len(), 46);
    assert!(one.trim_start_matches('-').bytes().all(|b| b.is_ascii_alphanumeric()));
}

#[test]
fn a_form_without_parts_ends_at_once() {
    assert_eq!(form(Vec::new()), "multipart/form-data; boundary=B1\n--B1--\n");
}
