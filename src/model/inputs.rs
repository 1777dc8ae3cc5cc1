//! Inputs that are other streams' outputs: what they are comes in when it is known what those streams write.

use std::borrow::Cow;

use crate::model::column::Column;
use crate::model::definition::{Delivery, Output, Source, Stream, Upstream};
use crate::model::desired::DesiredStream;
use crate::model::name::Name;

/// What a stream writes, or will.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<'a> {
    pub stream: &'a Name,
    pub output: &'a Output,
    pub columns: &'a [Column],
}

impl Upstream {
    pub fn of(stream: &Name, output: &Output) -> Upstream {
        Upstream {
            stream: stream.clone(),
            key: output.key.clone(),
            time_encoding: output.time_encoding,
            delivery: output.delivery,
        }
    }

    /// Whether a source over the topic must know of it. Of a plain append log a source says everything itself.
    pub fn is_told_to_sources(&self) -> bool {
        !self.key.is_empty() || self.delivery == Delivery::ExactlyOnce
    }
}

impl Source {
    /// The stream that a query reads by its name. A source over a stream's topic names none: it has its own columns.
    pub fn stream(&self) -> Option<&Name> {
        self.output_of.as_ref().map(|upstream| &upstream.stream).filter(|stream| **stream == self.name)
    }

    /// As it is where `written` is what stands in the topic.
    fn over(&self, written: Written<'_>) -> Source {
        let upstream = Upstream::of(written.stream, written.output);
        match self.stream() {
            Some(_) => Source {
                topic: written.output.topic.clone(),
                format: written.output.format,
                columns: written.columns.to_vec(),
                output_of: Some(upstream),
                ..self.clone()
            },
            None => Source { output_of: Some(upstream).filter(Upstream::is_told_to_sources), ..self.clone() },
        }
    }
}

impl Stream {
    /// The streams that its query reads by their names.
    pub fn upstreams(&self) -> impl Iterator<Item = &Name> {
        self.sources.values().filter_map(Source::stream)
    }
}

/// `want` with its inputs as they are: `written` tells of each who writes it, if a stream does. Where that cannot be
/// told, what it says instead, of the first input by name.
pub fn fill<'a, 'w, E>(
    want: &'a DesiredStream,
    mut written: impl FnMut(&Source) -> Result<Option<Written<'w>>, E>,
) -> Result<Cow<'a, DesiredStream>, E> {
    let mut filled = Cow::Borrowed(want);
    for (name, source) in &want.stream.sources {
        if let Some(written) = written(source)? {
            let over = source.over(written);
            if over != *source {
                filled.to_mut().stream.sources.insert(name.clone(), over);
            }
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests;
