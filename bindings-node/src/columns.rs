//! Columns as JavaScript has them: typed arrays, lists of texts, Arrow's IPC streams.

use std::io::Cursor;
use std::panic::catch_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use thalium_host::tables::{Element, Gathered};
use thalium_host::wire::Failure;

/// Columns that are being collected.
#[derive(Default)]
pub(crate) struct Columns(Mutex<Gathered>);

impl Columns {
    pub(crate) fn take(&self) -> Gathered {
        std::mem::take(&mut *self.held())
    }

    pub(crate) fn buffer(&self, name: &str, kind: &str, bytes: &[u8]) -> Result<(), Failure> {
        let element = match kind {
            "Int8Array" => Element::Signed(1),
            "Int16Array" => Element::Signed(2),
            "Int32Array" => Element::Signed(4),
            "BigInt64Array" => Element::Signed(8),
            "Uint8Array" | "Uint8ClampedArray" => Element::Unsigned(1),
            "Uint16Array" => Element::Unsigned(2),
            "Uint32Array" => Element::Unsigned(4),
            "BigUint64Array" => Element::Unsigned(8),
            "ids" => Element::Id,
            other => return Err(refused(name, format!("a {other} cannot hold whole numbers"))),
        };
        Ok(self.held().buffer(name, element, Buffer::from(thalium_host::copied(bytes)))?)
    }

    pub(crate) fn texts(&self, name: &str, texts: Vec<Option<String>>) {
        self.held().texts(name, texts);
    }

    pub(crate) fn arrow(&self, stream: &[u8]) -> Result<(), Failure> {
        // What the decoder says of damage is an error, even where it is a panic: bytes come from outside.
        let read = catch_unwind(|| {
            StreamReader::try_new(Cursor::new(stream), None)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        });
        let read = read.map_err(|_| refused("arrow", "the stream is damaged"))?;
        let batches = read.map_err(|error| refused("arrow", error))?;
        let mut held = self.held();
        batches.into_iter().for_each(|batch| held.batch(batch));
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, Gathered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Batches as a stream of Arrow's IPC format.
pub(crate) fn ipc(batches: &[RecordBatch]) -> Result<Vec<u8>, Failure> {
    let Some(first) = batches.first() else { return Ok(Vec::new()) };
    let write = || {
        let mut writer = StreamWriter::try_new(Vec::new(), first.schema_ref())?;
        batches.iter().try_for_each(|batch| writer.write(batch))?;
        writer.into_inner()
    };
    write().map_err(|error| refused("columns", error))
}

fn refused(column: &str, why: impl std::fmt::Display) -> Failure {
    Failure {
        code: "invalid".to_owned(),
        message: format!("column `{column}`: {why}"),
        field: Some(column.to_owned()),
    }
}
