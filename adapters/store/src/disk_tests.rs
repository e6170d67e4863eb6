use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

#[test]
fn who_looks_for_a_writer_keeps_none_out() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Directory::new(directory.path());
    drop(disk.lock().unwrap());
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let (disk, is_done) = (disk.clone(), &is_done);
            scope.spawn(move || {
                while !is_done.load(Ordering::Relaxed) {
                    disk.is_written().unwrap();
                }
            });
        }
        let refused = (0..2000).filter(|_| disk.lock().unwrap().is_none()).count();
        is_done.store(true, Ordering::Relaxed);
        assert_eq!(refused, 0);
    });
}

#[test]
fn the_lock_keeps_out_a_second_writer_and_tells_who_has_it() {
    let directory = tempfile::tempdir().unwrap();
    let disk = Directory::new(directory.path());
    assert_eq!((disk.is_written().unwrap(), disk.holder()), (false, None));
    let lock = disk.lock().unwrap();
    assert!(lock.is_some() && disk.lock().unwrap().is_none());
    assert_eq!((disk.is_written().unwrap(), disk.holder()), (true, Some(std::process::id())));
    drop(lock);
    assert!(!disk.is_written().unwrap());
    // What an earlier build left is empty.
    std::fs::write(directory.path().join("lock"), "").unwrap();
    assert_eq!(disk.holder(), None);
}
