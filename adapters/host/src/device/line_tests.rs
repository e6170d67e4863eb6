//! A line that loses what is sent, for tests of what devices do all the same.

use proptest::prelude::*;
use thalium::api::SyncReply;
use thalium::device::SyncStart;

use super::Device;

/// What happens to one sync.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line {
    Good,
    RequestLost,
    ReplyLost,
    ReplyTwice,
    ProcessEnds,
}

pub(super) fn lines() -> impl Strategy<Value = Line> {
    prop_oneof![
        4 => Just(Line::Good),
        1 => Just(Line::RequestLost),
        1 => Just(Line::ReplyLost),
        1 => Just(Line::ReplyTwice),
        1 => Just(Line::ProcessEnds)
    ]
}

/// One sync with a back end that answers so; the device as it is then.
pub(super) fn exchange(
    device: Device,
    address: &str,
    line: Line,
    answer: impl Fn(&SyncStart) -> SyncReply,
) -> Device {
    device.hurry().unwrap();
    let start = device.begin_sync().unwrap();
    match line {
        Line::RequestLost => drop(device.fail_sync(0).unwrap()),
        Line::ReplyLost => {
            answer(&start);
            device.fail_sync(7).unwrap();
        }
        Line::Good => drop(device.end_sync(&answer(&start)).unwrap()),
        Line::ReplyTwice => {
            let reply = answer(&start);
            device.end_sync(&reply).unwrap();
            let again = device.end_sync(&reply).unwrap();
            assert!(again.intents.is_empty() && again.hand_ins.is_empty(), "told once");
        }
        Line::ProcessEnds => {
            answer(&start);
            return Device::open(address).unwrap();
        }
    }
    device
}
