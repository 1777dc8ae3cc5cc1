//! Inputs that are other streams' outputs: their columns come in when it is known what those streams write.

use std::borrow::Cow;

use crate::model::column::Column;
use crate::model::definition::{Source, Stream};
use crate::model::desired::DesiredStream;
use crate::model::name::Name;

impl Source {
    /// The stream that a query reads by its name. A source over a stream's topic names none: it has its own columns.
    pub fn stream(&self) -> Option<&Name> {
        self.output_of.as_ref().map(|upstream| &upstream.stream).filter(|stream| **stream == self.name)
    }

    /// The columns by which rows replace each other; empty: none does.
    pub fn key(&self) -> &[String] {
        self.output_of.as_ref().map_or(&[], |upstream| upstream.key.as_slice())
    }

    pub fn is_upsert(&self) -> bool {
        !self.key().is_empty()
    }
}

impl Stream {
    /// The streams that its query reads by their names.
    pub fn upstreams(&self) -> impl Iterator<Item = &Name> {
        self.sources.values().filter_map(Source::stream)
    }
}

/// `want` with the columns of its inputs, each of which `writes` tells of a stream's name. Where that cannot be told,
/// what it says instead, of the first by name.
pub fn fill<'a, 'c, E>(
    want: &'a DesiredStream,
    mut writes: impl FnMut(&Name) -> Result<&'c [Column], E>,
) -> Result<Cow<'a, DesiredStream>, E> {
    if want.stream.upstreams().next().is_none() {
        return Ok(Cow::Borrowed(want));
    }
    let mut filled = want.clone();
    for source in filled.stream.sources.values_mut() {
        if let Some(upstream) = source.stream() {
            source.columns = writes(upstream)?.to_vec();
        }
    }
    Ok(Cow::Owned(filled))
}

#[cfg(test)]
mod tests;
