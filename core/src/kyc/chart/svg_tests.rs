use super::{px, svg};
use crate::kyc::chart::document::{Chart, State};
use crate::kyc::chart::draw::DrawError;
use crate::kyc::chart::draw::tests::{CASE, chart, random};

/// Whether a text is XML of the kind that is written here: tags close in order, and no sign stands where it may not.
fn is_well_formed(text: &str) -> bool {
    let mut open = Vec::new();
    let mut rest = text.trim_end();
    while !rest.is_empty() {
        let Some(tag) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            let (told, next) = rest.split_at(end);
            let known = ["amp;", "lt;", "gt;", "quot;"];
            let is_known = |after: &str| known.iter().any(|name| after.starts_with(name));
            if !told.split('&').skip(1).all(is_known)
                || told.contains(|letter: char| letter < ' ' && letter != '\n')
            {
                return false;
            }
            rest = next;
            continue;
        };
        let Some((tag, next)) = tag.split_once('>') else { return false };
        rest = next;
        if tag.contains('<') || tag.matches('"').count() % 2 != 0 {
            return false;
        }
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or_default());
        }
        if open.is_empty() && !rest.is_empty() {
            return false;
        }
    }
    open.is_empty()
}

#[test]
fn a_small_chart_as_a_picture() {
    let small = chart("opened\n  -> decided > closed\n! closed\n");
    let told = svg(&small, &|state| state == "opened").unwrap();
    let (_, body) = told.split_once("</defs>\n").unwrap();
    let wanted = r##"<rect class="b" width="121.6" height="194"/>
<g class="on"><rect class="s" x="14" y="58" width="80.54" height="36" rx="9"/></g>
<g><circle class="f" cx="54.27" cy="151" r="10"/><circle class="d" cx="54.27" cy="151" r="6"/></g>
<path class="e" d="M54.27 26V58" marker-end="url(#head)"/>
<path class="e" d="M54.27 94V140" marker-end="url(#head)"/>
<circle class="i" cx="54.27" cy="20" r="6"/>
<text class="n" x="54.27" y="80">opened</text>
<text class="n" x="54.27" y="175">closed</text>
<text class="l" x="60.27" y="121">decided</text>
</svg>
"##;
    assert_eq!(body, wanted);
    let (head, _) = told.split_once("<style>").unwrap();
    assert!(head.ends_with("<title>case</title>\n<desc>A statechart of 2 states and 1 transitions. It begins at opened. Active: opened.</desc>\n"), "{head}");
}

#[test]
fn each_name_and_each_label_stands_there_once_and_the_picture_is_xml() {
    for seed in 0..300 {
        let (chart, names, labels) = random(seed);
        let told = svg(&chart, &|name| name.len() % 2 == 0).unwrap();
        let texts: Vec<&str> =
            told.split("<text").skip(1).map(|text| text.split_once("</text>").unwrap().0).collect();
        let count = |wanted: &str| texts.iter().filter(|text| text.contains(wanted)).count();
        for wanted in names.iter().chain(&labels) {
            assert_eq!(count(wanted), 1, "{seed}: {wanted}");
        }
        assert!(is_well_formed(&told), "{seed}");
        assert_eq!(told, svg(&chart, &|name| name.len() % 2 == 0).unwrap());
    }
}

/// The boxes of states and the rows of labels, as left, top, right and bottom.
#[test]
fn labels_stand_on_no_state() {
    let told = svg(&chart(CASE), &|_| false).unwrap();
    let number = |row: &str, name: &str| -> f64 {
        let (_, after) = row.split_once(&format!(" {name}=\"")).unwrap();
        after.split_once('"').unwrap().0.parse().unwrap()
    };
    let boxes: Vec<(f64, f64, f64, f64)> = told
        .lines()
        .filter(|row| row.contains("<rect class=\"s\""))
        .map(|row| {
            (number(row, "x"), number(row, "y"), number(row, "width"), number(row, "height"))
        })
        .collect();
    assert_eq!(boxes.len(), 10);
    let labels: Vec<&str> =
        told.lines().filter(|row| row.starts_with("<text class=\"l\"")).collect();
    assert!(labels.len() > 20);
    for label in labels {
        let (x, y) = (number(label, "x"), number(label, "y"));
        let inside = |&(left, top, width, height): &(f64, f64, f64, f64)| {
            x >= left && x <= left + width && y >= top && y - 11.0 <= top + height
        };
        assert!(!boxes.iter().any(inside), "{label}");
    }
}

#[test]
fn hostile_texts_are_texts() {
    let name = "<script>alert('1')</script>&\"]]>\u{0}\u{7}\u{fffe}";
    let state = State { id: Some(name.into()), description: Some(name.into()), ..State::default() };
    let told =
        svg(&Chart { id: Some(name.into()), states: vec![state], ..Chart::default() }, &|_| true)
            .unwrap();
    assert!(is_well_formed(&told), "{told}");
    assert!(!told.contains("<script") && !told.contains('\u{fffe}'));
}

#[test]
fn what_is_too_large_is_refused() {
    let state = |at: usize| State { id: Some(format!("s{at}")), ..State::default() };
    let of = |states: Vec<State>| Chart { states, ..Chart::default() };
    let none = |_: &str| false;
    assert_eq!(
        svg(&of((0..1001).map(state).collect()), &none),
        Err(DrawError::States { states: 1001, most: 1000 })
    );
    assert!(svg(&of((0..1000).map(state).collect()), &none).is_ok());
    let mut deep = state(0);
    for at in 1..65 {
        deep = State { states: vec![deep], ..state(at) };
    }
    assert_eq!(svg(&of(vec![deep]), &none), Err(DrawError::Depth { depth: 65, most: 64 }));
    // A thousand states in a row, each of which leads to the first and to the last.
    let mut row = String::new();
    for at in 0..1000 {
        row.push_str(&format!(
            "s{at}\n  -> a > s{}\n  -> b > s0\n  -> c > s999\n",
            (at + 1) % 1000
        ));
    }
    assert_eq!(svg(&chart(&row), &none), Err(DrawError::Arrows));
    assert!(is_well_formed(&svg(&Chart::default(), &none).unwrap()));
}

#[test]
fn lengths_are_exact() {
    for (length, wanted) in
        [(0, "0"), (100, "1"), (150, "1.5"), (105, "1.05"), (-250, "-2.5"), (-5, "-0.05")]
    {
        assert_eq!(px(length), wanted);
    }
}
