package io.evenstock.database;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the schema up to date before anything else starts; other start-up beans depend on it. */
@DataSourceDefinition(
        name = Migration.DATA_SOURCE,
        className = "io.evenstock.database.EvenstockDataSource",
        minPoolSize = 2,
        maxPoolSize = 32,
        properties = {
            "applicationName=evenstock",
            // Payara: what the database has closed is replaced before it is handed out. Others take no notice.
            "fish.payara.is-connection-validation-required=true",
            "fish.payara.connection-validation-method=custom-validation",
            "fish.payara.validation-classname=org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation",
            "fish.payara.validate-atmost-once-period-in-seconds=1"
        })
@Startup
@Singleton(name = Migration.NAME)
@TransactionManagement(TransactionManagementType.BEAN)
public class Migration {
    /** The bean's name, for {@code @DependsOn}. */
    public static final String NAME = "Migration";

    /** Where the data source stands in JNDI. */
    public static final String DATA_SOURCE = "java:app/jdbc/evenstock";

    @Resource(lookup = DATA_SOURCE)
    DataSource dataSource;

    @PostConstruct
    void migrate() {
        Flyway.configure(Migration.class.getClassLoader())
                .dataSource(dataSource)
                .load()
                .migrate();
    }
}
