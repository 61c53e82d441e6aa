IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_databases WHERE database_id = DB_ID())
    ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 2 DAYS, AUTO_CLEANUP = ON);

IF OBJECT_ID('dbo.SqlExample') IS NULL
    CREATE TABLE dbo.SqlExample (Id int PRIMARY KEY, Name nvarchar(100), Price decimal(9, 2));

IF NOT EXISTS (SELECT 1 FROM sys.change_tracking_tables WHERE object_id = OBJECT_ID('dbo.SqlExample'))
    ALTER TABLE dbo.SqlExample ENABLE CHANGE_TRACKING;
