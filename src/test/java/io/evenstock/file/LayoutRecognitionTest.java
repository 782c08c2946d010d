package io.evenstock.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutRecognitionTest {
    private static final Layout RETAIL_PRO = Layout.retailPro("sbs_no", "store_code", "upc", "qty", "UPCA");

    @Test
    void theHeaderTellsTheLayout() throws Exception {
        assertEquals(RETAIL_PRO, layout("\uFEFFqty,UPC,x,Store_Code,SBS_NO"));
        assertEquals(Layout.OMS_IMPORT, layout("asOf,availableQty,idValue,idType,externalFacilityId\n1"));
    }

    @Test
    void itIsNeverGuessed() {
        MalformedFileException none =
                assertThrows(MalformedFileException.class, () -> layout("sbs_no,store_code,upc,availableQty\n"));
        assertTrue(none.reason().contains("sbs_no, store_code, upc, qty or externalFacilityId"), none::reason);
        assertTrue(none.reason().contains("found sbs_no, store_code, upc, availableQty"), none::reason);
        MalformedFileException both = assertThrows(
                MalformedFileException.class,
                () -> layout("sbs_no,store_code,upc,qty,externalFacilityId,idType,idValue,availableQty\n"));
        assertTrue(both.reason().contains("only one of these"), both::reason);
    }

    private static Layout layout(String file) throws IOException, MalformedFileException {
        return LayoutRecognition.of(
                new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)),
                ',',
                CsvLimits.DEFAULT,
                List.of(RETAIL_PRO, Layout.OMS_IMPORT));
    }
}
