CREATE TABLE IF NOT EXISTS mysql_output_example (
    id int PRIMARY KEY, room varchar(20), day date
);
