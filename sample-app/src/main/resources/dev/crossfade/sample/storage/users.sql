-- The messy legacy users, the same for the same seed. Parameters: how many, seed.
-- Each column takes its own digits of a hash of seed and id, so that the oddities combine.
insert into legacy.users
    (id, email, first_name, last_name, phone, status, preferences, email_verified_at, created_at)
select id,
       case h.a % 4
           when 0 then format('user%s@example.org', id)
           when 1 then format('  User%s@Example.ORG', id)
           when 2 then format('USER%s@EXAMPLE.org  ', id)
           else format('uSeR%s@example.org ', id)
       end,
       (array['Ada', '  Grace ', 'Jose' || U&'\0301', 'Zoë', U&'\05D3\05D5\05D3', U&'\0645\062D\0645\062F',
              '李', U&'\+01F469\200D\+01F680', 'Anna  Maria', E'Karl\tHeinz', 'O''Neil', '', null])[1 + h.b % 13],
       (array['Lovelace', 'HOPPER', ' von  der  Leyen ', 'Muñoz', U&'\05DB\05D4\05DF', U&'Mu\0308ller', 'Łukasiewicz',
              'McDonald-Smith', U&'Nbsp\00A0Inside', '"Quoted", \ and {braces}', null])[1 + h.c % 11],
       (array['+49 (0)30 / 1234-' || id, '0049-171-' || id, '', 'n/a', ' +1 (212) 555-' || id % 10000, null])[1 + h.d % 6],
       (array['A', 'A', 'A', 'B', 'D', 'a'])[1 + h.e % 6],
       (array['{"theme": "dark"}', ' {"b":2,  "a":1.50, "a": 1.5} ', '{"tags":["x","y",null],"nested":{"deep":[1,2.0,3e2]}}',
              '{"emoji": "\ud83d\ude80", "quote": "\"", "umlaut": "ü"}', '', '   ', null])[1 + h.f % 7],
       -- the hour that does not exist in spring, the one that there is twice in autumn, and ordinary ones
       case h.g % 6
           when 0 then null
           when 1 then timestamp '2024-03-31 02:30:00' + h.h % 60 * interval '1 second'
           when 2 then timestamp '2023-10-29 02:15:00.123456' + h.h % 60 * interval '1 second'
           else timestamp '2015-01-01' + h.h % 300000000 * interval '1 second 7 microseconds'
       end,
       timestamp '2005-06-01 12:00' + h.i % 600000000 * interval '1 second'
from generate_series(1, cast(? as bigint)) as id,
     lateral (
         select hashint8extended(id, seed) & 4294967295 as a, hashint8extended(id, seed + 1) & 4294967295 as b,
                hashint8extended(id, seed + 2) & 4294967295 as c, hashint8extended(id, seed + 3) & 4294967295 as d,
                hashint8extended(id, seed + 4) & 4294967295 as e, hashint8extended(id, seed + 5) & 4294967295 as f,
                hashint8extended(id, seed + 6) & 4294967295 as g, hashint8extended(id, seed + 7) & 4294967295 as h,
                hashint8extended(id, seed + 8) & 4294967295 as i
         from (select cast(? as bigint) as seed) as s
     ) as h
