@LV-50
Feature: A removed PIN no longer opens

  Background:
    Given the vendor can withdraw PINs
    And a guest with a PIN in force

  Scenario: It no longer opens
    When the PIN is removed and the documented delay has passed
    Then the PIN does not open now

  Scenario: It is no longer listed
    When the PIN is removed and the documented delay has passed
    Then the PIN is no longer listed

  Scenario: A guest who has not arrived yet
    Given a PIN for tomorrow
    When the PIN for tomorrow is removed and the documented delay has passed
    Then it does not open tomorrow
