use super::{decode, decode_standard, encode};

#[test]
fn bytes_come_back() {
    // RFC 4648 section 10.
    for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")]
    {
        assert_eq!(encode(bytes.as_bytes()), text);
        assert_eq!(decode(text).as_deref(), Ok(bytes.as_bytes()), "{text}");
    }
    assert_eq!(encode(&[251, 255]), "-_8");
    assert_eq!(decode("Zg==").as_deref(), Ok(&b"f"[..]));
    assert_eq!(decode("Zm\n9v\r\nYg==").as_deref(), Ok(&b"foob"[..]));
}

#[test]
fn what_is_illegal_is_told_by_its_place() {
    let illegal = |at: usize| Err(format!("illegal base64 data at input byte {at}"));
    for (text, at) in [
        ("Zg=", 3),
        ("Zg=x", 2),
        ("Z===", 1),
        ("Zm9v=", 4),
        ("Zg==Zg==", 4),
        ("Zm9+", 3),
        ("*m9v", 0),
    ] {
        assert_eq!(decode(text), illegal(at), "{text}");
    }
    assert_eq!(decode("Zm9vY"), Err("illegal base64url string: Zm9vY".to_owned()));
    assert_eq!(decode_standard("+/8="), Ok(vec![251, 255]));
    assert_eq!(decode_standard("-_8="), illegal(0));
    assert_eq!(decode_standard("Zg"), illegal(0));
    assert_eq!(decode_standard("Zm9vZg"), illegal(4));
}
