CREATE TABLE IF NOT EXISTS public.postgresql_example (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner varchar(200) NOT NULL UNIQUE,
    cents bigint NOT NULL CHECK (cents >= 0)
);
