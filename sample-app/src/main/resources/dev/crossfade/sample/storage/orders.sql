-- The messy legacy orders: two for every user with an even number, the same for the same seed. Parameters: how many, seed.
insert into legacy.orders (id, user_id, order_no, state, amount, items, note, ordered_at)
select id,
       id + id % 2,
       case h.a % 3
           when 0 then format('ORD-%s', id)
           when 1 then format(' ord-%s', id)
           else format('Ord-%s  ', id)
       end,
       (array['P', 'S', 'C', 'O', 'N', null])[1 + h.b % 6],
       (array[h.c % 1000, (h.c % 100000) / 100.0, (h.c % 1000000) / 1000.0, 0.005, -12.344, 19.990, 1e3, 99999.99500])[1 + h.d % 8],
       (array['[]', '[{"sku": "A-1", "quantity": 2, "price": 9.90}]', '[ {"sku":"ü","sku":"🚀"} ,{}]', '{"legacy": true}', null])
           [1 + h.e % 5]::json,
       (array['leave at the door', '  ring twice ', '', E'two\nlines', U&'\0628\0627\0628', null])[1 + h.f % 6],
       case h.g % 5
           when 0 then timestamp '2022-03-27 02:59:59.999999'
           when 1 then timestamp '2021-10-31 02:00:00' + h.h % 3600 * interval '1 second'
           else timestamp '2018-01-01' + h.h % 200000000 * interval '1 second 3 microseconds'
       end
from generate_series(1, cast(? as bigint)) as id,
     lateral (
         select hashint8extended(id, seed) & 4294967295 as a, hashint8extended(id, seed + 1) & 4294967295 as b,
                hashint8extended(id, seed + 2) & 4294967295 as c, hashint8extended(id, seed + 3) & 4294967295 as d,
                hashint8extended(id, seed + 4) & 4294967295 as e, hashint8extended(id, seed + 5) & 4294967295 as f,
                hashint8extended(id, seed + 6) & 4294967295 as g, hashint8extended(id, seed + 7) & 4294967295 as h
         from (select cast(? as bigint) + 1000 as seed) as s
     ) as h
