CREATE TABLE IF NOT EXISTS mysql_input_example (
    id int PRIMARY KEY, customer int, status varchar(20), cents int
);
