CREATE TABLE IF NOT EXISTS mysql_example (
    id int PRIMARY KEY,
    email varchar(200),
    az_func_updated_at timestamp DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
);
