-- One stream's events, the newest first.
create index events_of_stream on events (project, stream, id desc);
