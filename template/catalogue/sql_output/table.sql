IF OBJECT_ID('dbo.SqlOutputExample') IS NULL
    CREATE TABLE dbo.SqlOutputExample (Id int PRIMARY KEY, Name nvarchar(100), Price decimal(9, 2));
