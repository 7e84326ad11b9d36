-- Refuses a write of an instance whose lease has ended: see the heartbeat in crossfade.instance.
create function crossfade.refuse_lease(p_until text) returns boolean
    language plpgsql as $$
begin
    raise exception 'the lease of this instance ended at % seconds since 1970', p_until using errcode = 'CF003';
end
$$;
