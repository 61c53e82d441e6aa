IF OBJECT_ID('dbo.SqlInputExample') IS NULL
    CREATE TABLE dbo.SqlInputExample (Id int PRIMARY KEY, Name nvarchar(100), Price decimal(9, 2));
