//! The thread that submits: what waits while one block syncs is decided together and becomes durable with the next.

use std::sync::mpsc::{Receiver, Sender, channel};

use napi::{Env, Error, JsDeferred};
use thalium_host::wire::{self, Failure};

use crate::{Shared, border, told};

/// Requests that are decided together, at most.
const TOGETHER: usize = 1_024;

type Answer = Box<dyn FnOnce(Env) -> napi::Result<String>>;

struct Job {
    request: String,
    deferred: JsDeferred<String, Answer>,
}

/// Where requests are sent. The thread ends with it.
pub(crate) struct Submitter(Sender<Job>);

impl Submitter {
    pub(crate) fn start(shared: Shared) -> Result<Self, Failure> {
        let (jobs, waiting) = channel();
        std::thread::Builder::new()
            .name("thalium-submit".to_owned())
            .spawn(move || submit(&shared, &waiting))
            .map_err(|error| Failure::from(thalium_host::Error::Thread(error)))?;
        Ok(Self(jobs))
    }

    pub(crate) fn send(&self, request: String, deferred: JsDeferred<String, Answer>) {
        if let Err(unsent) = self.0.send(Job { request, deferred }) {
            let failure = Failure::panicked("the thread that submits has ended");
            unsent.0.deferred.reject(Error::from_reason(told(&failure)));
        }
    }
}

fn submit(shared: &Shared, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        jobs.extend(waiting.try_iter().take(TOGETHER - 1));
        let requests = jobs.iter().map(|job| job.request.as_str());
        let answers = border(|| shared.with(|ledger| Ok(wire::submit_many(ledger, requests))));
        match answers {
            Ok(answers) => {
                for (job, answer) in jobs.into_iter().zip(answers) {
                    match answer {
                        Ok(answer) => job.deferred.resolve(Box::new(move |_| Ok(answer))),
                        Err(failure) => job.deferred.reject(Error::from_reason(told(&failure))),
                    }
                }
            }
            Err(error) => {
                for job in jobs {
                    job.deferred.reject(Error::from_reason(error.reason.clone()));
                }
            }
        }
    }
}
