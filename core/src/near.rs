//! The name that was meant by one that is written wrong.

/// The longest name that is looked at: comparing takes as many steps as both have bytes, multiplied.
const NAME: usize = 128;

/// The nearest of the names, if one is so near that it may be meant: of three letters one, and at most two, are others, missing or too many.
pub(crate) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let most = (written.len() / 3).min(2);
    if written.len() > NAME {
        return None;
    }
    let near = |name: &&str| name.len().abs_diff(written.len()) <= most;
    let told = names.into_iter().filter(near).map(|name| (distance(written, name), name));
    told.filter(|(far, _)| *far <= most).min().map(|(_, name)| name)
}

/// How many bytes have to be changed, added or taken away to make one text of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, byte) in one.bytes().enumerate() {
        let mut left = at + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (own, pair) in other.bytes().zip(row.windows(2)) {
            let [diagonal, up] = pair else { continue };
            left = (left + 1).min(up + 1).min(diagonal + usize::from(own != byte));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_name_that_is_nearly_another() {
        let names = ["amount", "count.day", "sum.day", "kyc.level", "pep"];
        let cases = [
            ("amuont", Some("amount")),
            ("amount", Some("amount")),
            ("kyc.levl", Some("kyc.level")),
            ("sum.dya", Some("sum.day")),
            ("pop", Some("pep")),
            ("pp", None),
            ("volume", None),
            ("", None),
        ];
        for (written, wanted) in cases {
            assert_eq!(nearest(written, names), wanted, "{written}");
        }
        assert_eq!(nearest(&"x".repeat(1000), ["x"]), None);
    }
}
