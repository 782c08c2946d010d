package io.evenstock.catalog;

import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;

/** {@code PUT /api/products} and {@code PUT /api/facilities}: upserts in batches, all or nothing. */
@Path("")
@ApplicationScoped
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class CatalogResource {
    private static final int MAX_IDENTIFICATIONS = 50;

    @Inject
    JsonBody json;

    @Inject
    Catalog catalog;

    @PUT
    @Path("facilities")
    public String putFacilities(InputStream body) {
        List<Facility> facilities =
                json.array(body).stream().map(CatalogResource::facility).toList();
        catalog.putFacilities(facilities);
        return count(facilities);
    }

    @PUT
    @Path("products")
    public String putProducts(InputStream body) {
        List<Product> products =
                json.array(body).stream().map(CatalogResource::product).toList();
        catalog.putProducts(products);
        return count(products);
    }

    private static String count(List<?> all) {
        return Json.createObjectBuilder().add("count", all.size()).build().toString();
    }

    private static Facility facility(JsonFields fields) {
        String facilityId = fields.text("facilityId", 64);
        return new Facility(facilityId, name(fields, facilityId));
    }

    private static Product product(JsonFields fields) {
        List<Identification> identifications = fields.objects("identifications", MAX_IDENTIFICATIONS).stream()
                .map(CatalogResource::identification)
                .toList();
        if (identifications.isEmpty()) {
            throw ProblemException.invalid(
                    fields.pointer("identifications"), "A product needs at least one identification");
        }
        Integer safetyStock = fields.optionalInteger("safetyStock", 0, Integer.MAX_VALUE);
        String productId = fields.text("productId", 64);
        return new Product(
                productId,
                name(fields, productId),
                fields.bool("active", true),
                safetyStock == null ? 0 : safetyStock,
                fields.optionalMoney("unitPrice"),
                identifications);
    }

    private static String name(JsonFields fields, String byDefault) {
        String name = fields.optionalText("name", 255);
        return name == null ? byDefault : name;
    }

    private static Identification identification(JsonFields fields) {
        return new Identification(fields.text("idType", 32), fields.text("idValue", 255));
    }
}
