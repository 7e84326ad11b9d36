-- Tells which row of a statement was at work when it failed: what a sequence was set to is not undone with the statement,
-- and currval() is the session's own. The value means nothing to anybody else.
create sequence crossfade.traced_row minvalue 0 start 0;

grant usage, update on sequence crossfade.traced_row to public;
