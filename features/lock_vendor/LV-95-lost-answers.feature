@LV-95
Feature: A lost answer leads to one access, not none and not two

  The network fails while the vendor answers. Inlet cannot know whether the
  creation was carried out, and repeats it every 3 to 5 minutes.

  Scenario: PINs can be repeated safely
    Given PINs can be created
    Then the vendor offers a way to repeat a PIN's creation safely

  Scenario: PIN, the connection breaks after the vendor has carried it out
    Given PINs can be created
    When the connection breaks after each creating call of a PIN was carried out
    Then each guest ends with exactly one PIN

  Scenario: PIN, the connection breaks before the vendor has carried it out
    Given PINs can be created
    When the connection breaks before each creating call of a PIN is carried out
    Then each guest ends with exactly one PIN

  Scenario: PIN, no answer comes after the vendor has carried it out
    Given PINs can be created
    When no answer comes after each creating call of a PIN was carried out
    Then each guest ends with exactly one PIN

  Scenario: PIN, no answer comes and the vendor has not carried it out
    Given PINs can be created
    When no answer comes before each creating call of a PIN is carried out
    Then each guest ends with exactly one PIN

  Scenario: Mobile access can be repeated safely
    Given mobile access can be created
    Then the vendor offers a way to repeat a mobile access's creation safely

  Scenario: Mobile access, the connection breaks after the vendor has carried it out
    Given mobile access can be created
    When the connection breaks after each creating call of mobile access was carried out
    Then each guest ends with exactly one mobile access

  Scenario: Mobile access, the connection breaks before the vendor has carried it out
    Given mobile access can be created
    When the connection breaks before each creating call of mobile access is carried out
    Then each guest ends with exactly one mobile access

  Scenario: Mobile access, no answer comes after the vendor has carried it out
    Given mobile access can be created
    When no answer comes after each creating call of mobile access was carried out
    Then each guest ends with exactly one mobile access

  Scenario: Mobile access, no answer comes and the vendor has not carried it out
    Given mobile access can be created
    When no answer comes before each creating call of mobile access is carried out
    Then each guest ends with exactly one mobile access
